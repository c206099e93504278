// Maximal correlation coefficient: the second largest eigenvalue, in absolute value, of a co-occurrence matrix divided
// by the roots of its margins. Matrices of tens of levels, for which a library's solver spends its time on preparing.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cells.hpp"

namespace perirad::mcc {

using cells::Cells;
using std::size_t;

constexpr size_t kMostLevels = 64;

using Row = std::array<double, kMostLevels>;
using Square = std::array<Row, kMostLevels>;

// Reflects a symmetric matrix (n x n, overwritten) to a tridiagonal one of the same eigenvalues (Householder).
inline void tridiagonalise(Square& a, size_t n, Row& diagonal, Row& beside) {
    Row v, w;
    for (size_t k = 0; k + 1 < n; ++k) {
        diagonal[k] = a[k][k];
        double below = 0.0;  // what the reflection moves into the first place
        for (size_t r = k + 2; r < n; ++r) below += a[k][r] * a[k][r];
        const double head = a[k][k + 1];
        beside[k] = head;
        if (below == 0.0) continue;
        beside[k] = -std::copysign(std::sqrt(head * head + below), head);
        v[k + 1] = head - beside[k];
        for (size_t r = k + 2; r < n; ++r) v[r] = a[k][r];
        const double scale = 2.0 / (v[k + 1] * v[k + 1] + below);
        double along = 0.0;
        for (size_t r = k + 1; r < n; ++r) {
            double product = 0.0;
            for (size_t c = k + 1; c < n; ++c) product += a[r][c] * v[c];
            w[r] = scale * product;
            along += w[r] * v[r];
        }
        for (size_t r = k + 1; r < n; ++r) w[r] -= 0.5 * scale * along * v[r];
        for (size_t r = k + 1; r < n; ++r) {
            for (size_t c = k + 1; c < n; ++c) a[r][c] -= v[r] * w[c] + w[r] * v[c];
        }
    }
    diagonal[n - 1] = a[n - 1][n - 1];
    beside[n - 1] = 0.0;
}

// One implicit QL sweep with Wilkinson's shift over rows first to last.
inline void sweep(Row& d, Row& e, size_t first, size_t last) {
    const double half = (d[first + 1] - d[first]) / (2.0 * e[first]);
    double g = d[last] - d[first] + e[first] / (half + std::copysign(std::sqrt(half * half + 1.0), half));
    double sine = 1.0, cosine = 1.0, moved = 0.0;
    for (size_t r = last; r-- > first;) {
        const double f = sine * e[r], b = cosine * e[r];
        const double length = std::sqrt(f * f + g * g);
        e[r + 1] = length;
        if (length == 0.0) {
            d[r + 1] -= moved;
            e[last] = 0.0;
            return;
        }
        sine = f / length;
        cosine = g / length;
        const double base = d[r + 1] - moved;
        const double turned = (d[r] - base) * sine + 2.0 * cosine * b;
        moved = sine * turned;
        d[r + 1] = base + moved;
        g = cosine * turned - b;
    }
    d[first] -= moved;
    e[first] = g;
    e[last] = 0.0;
}

// Turns the diagonal d of a tridiagonal matrix of norm 1 into its eigenvalues; false where they do not converge.
inline bool solve(Row& d, Row& e, size_t n) {
    constexpr int kMostSweeps = 60;
    constexpr double kNothing = std::numeric_limits<double>::epsilon();
    for (size_t first = 0; first < n; ++first) {
        for (int sweeps = 0;; ++sweeps) {
            size_t last = first;
            while (last + 1 < n && std::fabs(e[last]) > kNothing) ++last;
            if (last == first) break;
            if (sweeps == kMostSweeps) return false;
            sweep(d, e, first, last);
        }
    }
    return true;
}

// Co-occurrence counts, both orders of a pair present. place: (largest i + 1), zeroed.
// values: (n_matrices); 0 for a matrix of one level, untouched where there is no cell, more than 64 levels or no
// convergence.
inline void second_eigenvalues(const Cells& cells, std::int64_t* place, double* values) {
    Square s;
    Row margin, diagonal, beside;
    cells::for_each_matrix(cells, [&](size_t m, size_t first, size_t end) {
        size_t n_levels = 0;
        for (size_t c = first; c < end; ++c) {
            std::int64_t& at = place[cells.i[c]];
            if (at == 0) {
                at = static_cast<std::int64_t>(++n_levels);
                if (n_levels <= kMostLevels) margin[n_levels - 1] = 0.0;
            }
            if (n_levels <= kMostLevels) margin[static_cast<size_t>(at) - 1] += cells.n[c];
        }
        const bool small = n_levels <= kMostLevels;
        if (small) {
            for (size_t r = 0; r < n_levels; ++r) {
                margin[r] = 1.0 / std::sqrt(margin[r]);
                std::fill_n(s[r].begin(), n_levels, 0.0);
            }
            for (size_t c = first; c < end; ++c) {
                if (place[cells.j[c]] == 0) continue;
                const size_t r = static_cast<size_t>(place[cells.i[c]] - 1);
                const size_t t = static_cast<size_t>(place[cells.j[c]] - 1);
                s[r][t] = cells.n[c] * margin[r] * margin[t];
            }
        }
        for (size_t c = first; c < end; ++c) place[cells.i[c]] = 0;
        if (!small) return;
        if (n_levels == 1) {
            values[m] = 0.0;
            return;
        }
        tridiagonalise(s, n_levels, diagonal, beside);
        if (!solve(diagonal, beside, n_levels)) return;
        double largest = 0.0, second = 0.0;
        for (size_t r = 0; r < n_levels; ++r) {
            const double size = std::fabs(diagonal[r]);
            if (size > largest) {
                second = largest;
                largest = size;
            } else if (size > second) {
                second = size;
            }
        }
        values[m] = second;
    });
}

}  // namespace perirad::mcc
