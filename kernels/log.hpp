// Laplacian of Gaussian of a picture, for several sigmas at once.
#pragma once
#include <algorithm>
#include <cstddef>

#include "log_recursion.hpp"
#include "log_tile.hpp"
#include "scratch.hpp"
#include "vectors.hpp"

namespace perirad::recursive {

// Size of the picture, and the part of it that is wanted.
struct Window {
    size_t rows, columns, top, left, bottom, right;
};

// The four recursions of a sigma, in the order of their coefficients.
enum Recursion { kSmoothDown, kCurveDown, kSmoothAcross, kCurveAcross, kRecursions };

constexpr size_t kCacheLine = 64 / sizeof(double);
constexpr size_t rounded_up(size_t n, size_t multiple) { return (n + multiple - 1) / multiple * multiple; }

// Scratch of one call, in doubles; each array is a multiple of a line of the cache.
struct Room {
    size_t height, width, x, chunk, y, tile, between;
    Room(size_t T, const Window& window)
        : height(rounded_up(window.bottom - window.top, T)),
          width(rounded_up(window.right - window.left, T)),
          x((rounded_up(std::max(window.rows, window.columns), T) + 2 * kOrder) * T),
          chunk((kChunk + kOrder) * T),
          y((kOrder + std::max(kOrder, std::max(height, width))) * T),
          tile(std::max(height, width) * T / 2),
          between(std::max(rounded_up(window.rows, T) * width, rounded_up(window.columns, T) * height) / 2) {}
    size_t doubles(size_t n_sigmas) const { return x + chunk + y + tile + n_sigmas * between; }
};

template <size_t N>
PERIRAD_INLINE void laplacians(const double* pixels, const Window& window, const double* coefficients,
                               size_t n_sigmas, const double* factors, Scratch<double>& kept, float* out) {
    constexpr size_t T = Tile<N>::kLines;
    const Part down{window.rows, window.top, window.bottom}, across{window.columns, window.left, window.right};
    const size_t height = down.stop - down.start, width = across.stop - across.start;
    const Room room(T, window);
    double* x = kept.take(room.doubles(n_sigmas));
    double *chunk = x + room.x, *y = chunk + room.chunk;
    float *tile = reinterpret_cast<float*>(y + room.y), *between = tile + 2 * room.tile;
    x += kOrder * T;
    const auto of = [=](size_t sigma, Recursion which) {
        return coefficients + (sigma * kRecursions + which) * kCoefficients;
    };

    // Along the first axis every line, along the second those of the window. A tile is read once for all sigmas.
    const auto filter_first = [&](Recursion which, const Part& part, size_t n_lines, size_t extent, const auto& load)
        __attribute__((always_inline)) {
        for (size_t start = 0; start < n_lines; start += T) {
            load(start);
            for (size_t sigma = 0; sigma < n_sigmas; ++sigma) {
                float* to = between + 2 * sigma * room.between + start * extent;
                filter_tile<N>(x, part, of(sigma, which), chunk, y, to);
                std::fill(to + (part.stop - part.start) * T, to + extent * T, 0.0f);
            }
        }
    };
    const auto filter_second = [&](Recursion which, const Part& part, size_t n_lines, size_t extent, const auto& store)
        __attribute__((always_inline)) {
        for (size_t sigma = 0; sigma < n_sigmas; ++sigma) {
            for (size_t start = 0; start < n_lines; start += T) {
                load_turned<N>(between + 2 * sigma * room.between, part.n, extent, start, x);
                filter_tile<N>(x, part, of(sigma, which), chunk, y, tile);
                store(out + sigma * height * width, start);
            }
        }
    };
    filter_first(kCurveAcross, across, window.rows, room.width, [&](size_t start) __attribute__((always_inline)) {
        load_rows<N>(pixels, window.rows, window.columns, start, x);
    });
    filter_second(kSmoothDown, down, width, room.width, [&](float* to, size_t start) __attribute__((always_inline)) {
        store_columns<N>(tile, factors[1], height, width, start, to);
    });
    filter_first(kCurveDown, down, window.columns, room.height, [&](size_t start) __attribute__((always_inline)) {
        load_columns<N>(pixels, window.rows, window.columns, start, x);
    });
    filter_second(kSmoothAcross, across, height, room.height, [&](float* to, size_t start)
        __attribute__((always_inline)) { add_rows<N>(tile, factors[0], height, width, start, to); });
}

#define PERIRAD_PARAMETERS                                                                                          \
    const double *pixels, const Window &window, const double *coefficients, size_t n_sigmas, const double *factors, \
        Scratch<double> &kept, float *out
#define PERIRAD_ARGUMENTS pixels, window, coefficients, n_sigmas, factors, kept, out

inline void laplacians_2(PERIRAD_PARAMETERS) { laplacians<2>(PERIRAD_ARGUMENTS); }
#ifdef PERIRAD_X86
PERIRAD_AVX2 inline void laplacians_4(PERIRAD_PARAMETERS) { laplacians<4>(PERIRAD_ARGUMENTS); }
PERIRAD_AVX512 inline void laplacians_8(PERIRAD_PARAMETERS) { laplacians<8>(PERIRAD_ARGUMENTS); }
#endif

// lanes: doubles in a vector, one that runs here. pixels: (rows, columns), both 4 or more. coefficients: (n_sigmas,
// kRecursions, kCoefficients). factors: what the second derivatives down and across are multiplied by.
// out: (n_sigmas, bottom - top, right - left).
inline void filter_laplacians(size_t lanes, const double* pixels, const Window& window,
                              const double* coefficients, size_t n_sigmas, const double* factors, float* out) {
    static thread_local Scratch<double> kept;
#ifdef PERIRAD_X86
    if (lanes == 8) laplacians_8(PERIRAD_ARGUMENTS);
    if (lanes == 4) laplacians_4(PERIRAD_ARGUMENTS);
#endif
    if (lanes == 2) laplacians_2(PERIRAD_ARGUMENTS);
    kept.trim();
}

#undef PERIRAD_PARAMETERS
#undef PERIRAD_ARGUMENTS

}  // namespace perirad::recursive
