// One level of an undecimated separable wavelet transform.
#pragma once
#include <cstddef>

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
PERIRAD_WIDE static void convolve_across(const double* in, std::size_t rows, std::size_t columns, std::size_t stride,
                                         const double* taps, std::size_t n_taps, double* out) {
    for (std::size_t r = 0; r < rows; ++r) {
        const double* from = in + r * stride + n_taps - 1;
        double* to = out + r * columns;
        for (std::size_t c = 0; c < columns; ++c) to[c] = taps[0] * from[c];
        for (std::size_t k = 1; k < n_taps; ++k) {
            const double tap = taps[k];
            for (std::size_t c = 0; c < columns; ++c) to[c] += tap * from[c - k];
        }
    }
}

PERIRAD_WIDE static void convolve_down(const double* in, std::size_t rows, std::size_t columns, const double* taps,
                                       std::size_t n_taps, double* out) {
    for (std::size_t r = 0; r < rows; ++r) {
        const double* from = in + (r + n_taps - 1) * columns;
        double* to = out + r * columns;
        for (std::size_t c = 0; c < columns; ++c) to[c] = taps[0] * from[c];
        for (std::size_t k = 1; k < n_taps; ++k) {
            const double tap = taps[k];
            const double* line = from - k * columns;
            for (std::size_t c = 0; c < columns; ++c) to[c] += tap * line[c];
        }
    }
}

inline void wavelet_bands(const double* padded, std::size_t rows, std::size_t columns, const double* low,
                          const double* high, std::size_t n_taps, double* across, double* bands) {
    const std::size_t tall = rows + n_taps - 1, wide = columns + n_taps - 1;
    double* smooth = across;
    double* rough = across + tall * columns;
    convolve_across(padded, tall, columns, wide, low, n_taps, smooth);
    convolve_across(padded, tall, columns, wide, high, n_taps, rough);
    const std::size_t size = rows * columns;
    convolve_down(smooth, rows, columns, low, n_taps, bands);
    convolve_down(smooth, rows, columns, high, n_taps, bands + size);
    convolve_down(rough, rows, columns, low, n_taps, bands + 2 * size);
    convolve_down(rough, rows, columns, high, n_taps, bands + 3 * size);
}

#undef PERIRAD_WIDE

}  // namespace perirad
