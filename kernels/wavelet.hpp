// One level of an undecimated separable wavelet transform.
#pragma once
#include <cstddef>

#include "vectors.hpp"

namespace perirad {

#if defined(__x86_64__) && defined(__GNUC__) && defined(__linux__)
#define PERIRAD_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define PERIRAD_WIDE
#endif

// padded: (rows + n_taps - 1, columns + n_taps - 1). low, high: (n_taps).
// across: (2, rows + n_taps - 1, columns) scratch: rows filtered low and high.
// bands: (4, rows, columns): letters first along the rows (across), then along the columns (down): LL, LH, HL, HH.
// Products are added in the order of the taps, from tap 0 on, so that values on a bin's edge fall to the same side
// as in PyWavelets.
// in: (rows, in_stride), each row from its first value for tap 0 on; tap k is `step` values before it.
PERIRAD_WIDE static void convolve(const double* in, std::size_t in_stride, std::size_t rows, std::size_t columns,
                                  const double* taps, std::size_t n_taps, std::size_t step, double* out) {
    // Two vectors of four at a time, so that their sums stay in registers.
    constexpr std::size_t kFour = 4;
    using vectors::Four;
    const auto four_at = [](const double* p) -> const Four& { return *reinterpret_cast<const Four*>(p); };
    for (std::size_t r = 0; r < rows; ++r) {
        const double* from = in + r * in_stride;
        double* to = out + r * columns;
        std::size_t c = 0;
        for (; c + 2 * kFour <= columns; c += 2 * kFour) {
            Four a = four_at(from + c) * taps[0], b = four_at(from + c + kFour) * taps[0];
            for (std::size_t k = 1; k < n_taps; ++k) {
                const double* there = from + c - k * step;
                a += four_at(there) * taps[k];
                b += four_at(there + kFour) * taps[k];
            }
            *reinterpret_cast<Four*>(to + c) = a;
            *reinterpret_cast<Four*>(to + c + kFour) = b;
        }
        for (; c < columns; ++c) {
            double sum = from[c] * taps[0];
            for (std::size_t k = 1; k < n_taps; ++k) sum += from[c - k * step] * taps[k];
            to[c] = sum;
        }
    }
}

inline void wavelet_bands(const double* padded, std::size_t rows, std::size_t columns, const double* low,
                          const double* high, std::size_t n_taps, double* across, double* bands) {
    const std::size_t tall = rows + n_taps - 1, wide = columns + n_taps - 1;
    double* smooth = across;
    double* rough = across + tall * columns;
    const std::size_t size = rows * columns, first = n_taps - 1, below = first * columns;
    convolve(padded + first, wide, tall, columns, low, n_taps, 1, smooth);
    convolve(padded + first, wide, tall, columns, high, n_taps, 1, rough);
    convolve(smooth + below, columns, rows, columns, low, n_taps, columns, bands);
    convolve(smooth + below, columns, rows, columns, high, n_taps, columns, bands + size);
    convolve(rough + below, columns, rows, columns, low, n_taps, columns, bands + 2 * size);
    convolve(rough + below, columns, rows, columns, high, n_taps, columns, bands + 3 * size);
}

#undef PERIRAD_WIDE

}  // namespace perirad
