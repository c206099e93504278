// Grey levels: bins of fixed width, and a fixed number of bins.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "vectors.hpp"
#include "wide.hpp"

namespace perirad {

using std::size_t;

constexpr size_t kMostLevels = 255;

constexpr size_t kAbreast = 8;

// The lowest and the highest value so far, eight side by side; what is not a number is passed over.
template <typename T>
struct Range {
    T low[kAbreast], high[kAbreast];

    Range() {
        for (size_t k = 0; k < kAbreast; ++k) low[k] = static_cast<T>(HUGE_VAL), high[k] = -static_cast<T>(HUGE_VAL);
    }
    double lowest() const {
        T value = low[0];
        for (size_t k = 1; k < kAbreast; ++k) value = low[k] < value ? low[k] : value;
        return static_cast<double>(value);
    }
    double highest() const {
        T value = high[0];
        for (size_t k = 1; k < kAbreast; ++k) value = high[k] > value ? high[k] : value;
        return static_cast<double>(value);
    }
};

template <typename T>
PERIRAD_INLINE void copy_and_range(const T* from, size_t n, T* to, Range<T>& range) {
    Range<T> so_far = range;  // of its own, lest every value that is written might be one of them
    size_t at = 0;
    for (; at + kAbreast <= n; at += kAbreast) {
        for (size_t k = 0; k < kAbreast; ++k) to[at + k] = from[at + k];
        const T* here = to + at;
        for (size_t k = 0; k < kAbreast; ++k) so_far.low[k] = here[k] < so_far.low[k] ? here[k] : so_far.low[k];
        for (size_t k = 0; k < kAbreast; ++k) so_far.high[k] = here[k] > so_far.high[k] ? here[k] : so_far.high[k];
    }
    for (; at < n; ++at) {
        to[at] = from[at];
        so_far.low[0] = to[at] < so_far.low[0] ? to[at] : so_far.low[0];
        so_far.high[0] = to[at] > so_far.high[0] ? to[at] : so_far.high[0];
    }
    range = so_far;
}

PERIRAD_WIDE static void copy_values(const double* from, size_t n, double* to, Range<double>& range) {
    copy_and_range(from, n, to, range);
}
PERIRAD_WIDE static void copy_values(const float* from, size_t n, float* to, Range<float>& range) {
    copy_and_range(from, n, to, range);
}

// Bins of fixed width. base: number of the lowest one.
struct FixedWidth {
    double width, base, n_levels;
};

// levels: (n); from 1, or 0 for a level above n_levels, and for what is not a number.
// A value on an edge belongs to the upper bin; the quotient of a value just below an edge may round up to it.
template <typename T>
PERIRAD_INLINE void levels_of(const FixedWidth& bins, const T* values, size_t n, std::uint8_t* levels) {
    const double width = bins.width, base = bins.base, n_levels = bins.n_levels;
    for (size_t i = 0; i < n; ++i) {
        const double value = static_cast<double>(values[i]);
        double index = std::floor(value / width);
        index -= value < index * width ? 1.0 : 0.0;
        index -= base;
        index = (index >= 0.0) & (index < n_levels) ? index : -1.0;
        levels[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(index) + 1);
    }
}

// Bins of a fixed width whose edges, whole multiples of it, are exact numbers: the same bin is found without a division.
struct ExactWidth {
    double width, base, n_levels;

    static bool holds(const FixedWidth& bins) {
        int exponent;
        const double mantissa = std::frexp(bins.width, &exponent) * 0x1p26;
        return mantissa == std::floor(mantissa) && std::fabs(bins.base) < 0x1p25 && exponent > -900 && exponent < 900;
    }
};

template <typename T>
PERIRAD_INLINE void levels_of(const ExactWidth& bins, const T* values, size_t n, std::uint8_t* levels) {
    const double width = bins.width, per_width = 1.0 / width, base = bins.base, n_levels = bins.n_levels;
    for (size_t i = 0; i < n; ++i) {
        const double value = static_cast<double>(values[i]);
        double index = std::floor(value * per_width);
        index -= value < index * width ? 1.0 : 0.0;
        index += value >= (index + 1.0) * width ? 1.0 : 0.0;
        index -= base;
        index = (index >= 0.0) & (index < n_levels) ? index : -1.0;
        levels[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(index) + 1);
    }
}

// A fixed number of bins between the lowest and the highest value. edges: (n_levels + 1), ascending, without repeats.
struct FixedCount {
    double lowest, per_bin, n_levels;
    const double* edges;
};

// levels: (n), from 1. A value on an edge belongs to the upper bin, the highest value to the last.
template <typename T>
PERIRAD_INLINE void levels_of(const FixedCount& bins, const T* values, size_t n, std::uint8_t* levels) {
    const double lowest = bins.lowest, per_bin = bins.per_bin, last = bins.n_levels - 1.0;
    for (size_t i = 0; i < n; ++i) {
        const double value = static_cast<double>(values[i]);
        double place = (value - lowest) * per_bin;
        place = place > 0.0 ? place : 0.0;
        place = place < last ? place : last;
        const std::int32_t index = static_cast<std::int32_t>(place);
        const std::int32_t below = value < bins.edges[index];
        const std::int32_t above = (value >= bins.edges[index + 1]) & (index < static_cast<std::int32_t>(last));
        levels[i] = static_cast<std::uint8_t>(index - below + above + 1);
    }
}

PERIRAD_WIDE static void find_levels(const FixedWidth& bins, const double* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}
PERIRAD_WIDE static void find_levels(const FixedWidth& bins, const float* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}
PERIRAD_WIDE static void find_levels(const ExactWidth& bins, const double* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}
PERIRAD_WIDE static void find_levels(const ExactWidth& bins, const float* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}
PERIRAD_WIDE static void find_levels(const FixedCount& bins, const double* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}
PERIRAD_WIDE static void find_levels(const FixedCount& bins, const float* values, size_t n, std::uint8_t* levels) {
    levels_of(bins, values, n, levels);
}

PERIRAD_WIDE static void shift_levels(const std::uint8_t* levels, size_t n, std::uint16_t shift, std::uint16_t* codes) {
    for (size_t i = 0; i < n; ++i) codes[i] = static_cast<std::uint16_t>(levels[i] + shift);
}

// Pixels whose right neighbour, of n pixels side by side, has their level.
PERIRAD_WIDE static size_t count_equal(const std::uint8_t* levels, size_t n) {
    constexpr size_t kBlock = 32768;
    size_t total = 0;
    for (size_t first = 0; first + 1 < n; first += kBlock) {
        const std::uint8_t* here = levels + first;
        const size_t size = n - 1 - first < kBlock ? n - 1 - first : kBlock;
        std::uint16_t equal = 0;
        for (size_t c = 0; c < size; ++c) equal = static_cast<std::uint16_t>(equal + (here[c] == here[c + 1]));
        total += equal;
    }
    return total;
}

// Pixels of each level, in four tables by turns, because equal levels that follow one another would wait for each
// other.
struct LevelCounts {
    std::uint32_t by_turns[4][kMostLevels + 1] = {};

    void add(const std::uint8_t* levels, size_t n) {
        size_t i = 0;
        for (; i + 4 <= n; i += 4) {
            for (size_t k = 0; k < 4; ++k) ++by_turns[k][levels[i + k]];
        }
        for (; i < n; ++i) ++by_turns[0][levels[i]];
    }

    std::int64_t of(size_t level) const {
        return std::int64_t{by_turns[0][level]} + by_turns[1][level] + by_turns[2][level] + by_turns[3][level];
    }
};

}  // namespace perirad
