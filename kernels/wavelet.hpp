// One level of an undecimated separable wavelet transform.
#pragma once
#include <cstddef>
#include <cstdint>

#include "scratch.hpp"
#include "vectors.hpp"
#include "wide.hpp"

namespace perirad::wavelet {

using std::size_t;
using vectors::Four;

constexpr size_t kTaps = 6;

inline const Four& four_at(const double* p) { return *reinterpret_cast<const Four*>(p); }

// Output c of the filter whose value for tap k lies at lines[k] + c. Products are added in the order of the taps, from
// tap 0 on, so that values on a bin's edge fall to the same side as in PyWavelets.
PERIRAD_INLINE void weigh(const double* const lines[kTaps], size_t c, const double* taps, double* to) {
    double sum = lines[0][c] * taps[0];
    for (size_t k = 1; k < kTaps; ++k) sum += lines[k][c] * taps[k];
    to[c] = sum;
}

PERIRAD_INLINE void weigh_four(const double* const lines[kTaps], size_t c, const double* taps, double* to) {
    Four sum = four_at(lines[0] + c) * taps[0];
#pragma GCC unroll 8
    for (size_t k = 1; k < kTaps; ++k) sum += four_at(lines[k] + c) * taps[k];
    *reinterpret_cast<Four*>(to + c) = sum;
}

// lines: for each tap, where the value for the first output lies. low, high: (n).
PERIRAD_WIDE static void filter(const double* const lines[kTaps], size_t n, const double* low_taps,
                                const double* high_taps, double* low, double* high) {
    size_t c = 0;
    for (; c + 4 <= n; c += 4) {
        weigh_four(lines, c, low_taps, low);
        weigh_four(lines, c, high_taps, high);
    }
    for (; c < n; ++c) {
        weigh(lines, c, low_taps, low);
        weigh(lines, c, high_taps, high);
    }
}

// picture: (n_rows, stride). rows, columns: (height + kTaps - 1), (width + kTaps - 1), the rows and columns of the
// picture that the taps reach. low, high: (kTaps).
// bands: (4, height, width): letters first along the rows (across), then along the columns (down): LL, LH, HL, HH.
inline void find_bands(const double* picture, size_t stride, const std::int64_t* rows, size_t height,
                       const std::int64_t* columns, size_t width, const double* low, const double* high,
                       double* bands) {
    const size_t wide = width + kTaps - 1, size = height * width;
    static thread_local Scratch<double> kept;
    double* const line = kept.take(wide + 2 * kTaps * width);
    // Of the rows filtered across, low and high, only those that the taps down reach are kept, in turn.
    double *const smooth = line + wide, *const rough = smooth + kTaps * width;
    for (size_t r = 0; r < height + kTaps - 1; ++r) {
        const double* from = picture + static_cast<size_t>(rows[r]) * stride;
        for (size_t c = 0; c < wide; ++c) line[c] = from[columns[c]];
        const double* taps[kTaps];
        for (size_t k = 0; k < kTaps; ++k) taps[k] = line + (kTaps - 1 - k);
        const size_t slot = r % kTaps * width;
        filter(taps, width, low, high, smooth + slot, rough + slot);
        if (r + 1 < kTaps) continue;
        double* to = bands + (r + 1 - kTaps) * width;
        for (size_t k = 0; k < kTaps; ++k) taps[k] = smooth + (r - k) % kTaps * width;
        filter(taps, width, low, high, to, to + size);
        for (size_t k = 0; k < kTaps; ++k) taps[k] = rough + (r - k) % kTaps * width;
        filter(taps, width, low, high, to + 2 * size, to + 3 * size);
    }
}

}  // namespace perirad::wavelet
