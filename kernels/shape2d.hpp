// Outline of a region: corner patterns of the marching square, coordinate sums, and the widest pair of outline points.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace perirad {

// Whether the eight bytes from each place, and those one further, all equal the first of `above`, 0 or 1.
inline bool eight_alike(const std::uint8_t* above, const std::uint8_t* below) {
    std::uint64_t parts[4];
    std::memcpy(parts, above, 8);
    std::memcpy(parts + 1, above + 1, 8);
    std::memcpy(parts + 2, below, 8);
    std::memcpy(parts + 3, below + 1, 8);
    const std::uint64_t all = *above * std::uint64_t{0x0101010101010101};
    return ((parts[0] ^ all) | (parts[1] ^ all) | (parts[2] ^ all) | (parts[3] ^ all)) == 0;
}

// mask: (rows, columns) of 0 and 1 with a border of zeros.
// squares: (16), zeroed; number of 2 x 2 squares by their corners: upper left 1, upper right 2, lower right 4,
// lower left 8.
// sums: (6), zeroed; n, row, column, row row, row column, column column summed over the pixels.
// extents: (2 rows, 2), filled with (1, 0): leftmost and rightmost outline point of each half-row, in half pixels.
// An outline point lies halfway between a pixel inside and a neighbour (beside, above or below) outside.
inline void trace_outline(const std::uint8_t* mask, std::size_t rows, std::size_t columns, std::int64_t* squares,
                          std::int64_t* sums, std::int64_t* extents) {
    const auto widen = [extents](std::size_t half_row, std::size_t half_column) {
        std::int64_t* span = extents + 2 * half_row;
        const std::int64_t at = static_cast<std::int64_t>(half_column);
        if (span[0] > span[1]) {
            span[0] = span[1] = at;
        } else {
            if (at < span[0]) span[0] = at;
            if (at > span[1]) span[1] = at;
        }
    };
    for (std::size_t r = 0; r + 1 < rows; ++r) {
        const std::uint8_t* here = mask + r * columns;
        const std::uint8_t* below = here + columns;
        std::int64_t n = 0, column_sum = 0, column_squares = 0;
        for (std::size_t c = 0; c + 1 < columns; ++c) {
            while (c + 8 < columns && eight_alike(here + c, below + c)) {
                squares[here[c] ? 15 : 0] += 8;
                if (here[c]) {
                    const std::int64_t column = static_cast<std::int64_t>(c);
                    n += 8;
                    column_sum += 8 * column + 28;  // column, ..., column + 7
                    column_squares += 8 * column * column + 56 * column + 140;
                }
                c += 8;
            }
            if (c + 1 == columns) break;
            const int corners = here[c] | here[c + 1] << 1 | below[c + 1] << 2 | below[c] << 3;
            ++squares[corners];
            if (here[c]) {
                const std::int64_t column = static_cast<std::int64_t>(c);
                ++n;
                column_sum += column;
                column_squares += column * column;
            }
            if (corners == 0 || corners == 15) continue;
            if (here[c] != here[c + 1]) widen(2 * r, 2 * c + 1);
            if (here[c] != below[c]) widen(2 * r + 1, 2 * c);
        }
        const std::int64_t row = static_cast<std::int64_t>(r);
        sums[0] += n;
        sums[1] += n * row;
        sums[2] += column_sum;
        sums[3] += n * row * row;
        sums[4] += row * column_sum;
        sums[5] += column_squares;
    }
}

// Keeps the convex corners of a chain of points ordered by row; `turn` is +1 for the left chain, -1 for the right.
inline std::size_t keep_convex(std::int64_t* points, std::size_t kept, const std::int64_t row, const std::int64_t column,
                               const std::int64_t turn) {
    while (kept >= 2) {
        const std::int64_t* a = points + 2 * (kept - 2);
        const std::int64_t* b = points + 2 * (kept - 1);
        const std::int64_t cross = (b[0] - a[0]) * (column - a[1]) - (b[1] - a[1]) * (row - a[0]);
        if (cross * turn > 0) break;
        --kept;
    }
    points[2 * kept] = row;
    points[2 * kept + 1] = column;
    return kept + 1;
}

// extents: as above; left, right: (n_half_rows, 2) scratch. The largest squared distance between two outline points,
// half a row being `half_row` and half a column `half_column` long.
inline double widest_squared(const std::int64_t* extents, std::size_t n_half_rows, double half_row, double half_column,
                             std::int64_t* left, std::int64_t* right) {
    std::size_t n_left = 0, n_right = 0;
    for (std::size_t r = 0; r < n_half_rows; ++r) {
        if (extents[2 * r] > extents[2 * r + 1]) continue;
        const std::int64_t row = static_cast<std::int64_t>(r);
        n_left = keep_convex(left, n_left, row, extents[2 * r], 1);
        n_right = keep_convex(right, n_right, row, extents[2 * r + 1], -1);
    }
    double widest = 0.0;
    const auto compare = [&](const std::int64_t* a, const std::int64_t* b) {
        const double down = static_cast<double>(a[0] - b[0]) * half_row;
        const double across = static_cast<double>(a[1] - b[1]) * half_column;
        const double squared = down * down + across * across;
        if (squared > widest) widest = squared;
    };
    for (std::size_t i = 0; i < n_left; ++i) {
        for (std::size_t j = 0; j < n_right; ++j) compare(left + 2 * i, right + 2 * j);
        for (std::size_t j = i + 1; j < n_left; ++j) compare(left + 2 * i, left + 2 * j);
    }
    for (std::size_t i = 0; i < n_right; ++i) {
        for (std::size_t j = i + 1; j < n_right; ++j) compare(right + 2 * i, right + 2 * j);
    }
    return widest;
}

}  // namespace perirad
