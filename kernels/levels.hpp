// Grey levels of fixed width, and codes that tell level and part.
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "parts.hpp"
#include "wide.hpp"

namespace perirad {

constexpr size_t kMostLevels = 255;

// Copies the values of the parts, one part after the other, each from starts[part] on, row by row.
template <typename T>
void gather(const Parts& parts, const T* picture, const std::int64_t* starts, double* values) {
    double* to[kMostRegions];
    for (size_t p = 0; p < parts.n_parts; ++p) to[p] = values + starts[p];
    for (const Segment* s = parts.segments; s != parts.segments + parts.n_segments; ++s) {
        const T* from = picture + static_cast<size_t>(s->row - 1) * (parts.columns - 2) + (s->column - 1);
        for (std::int32_t c = 0; c < s->length; ++c) to[s->part][c] = static_cast<double>(from[c]);
        to[s->part] += s->length;
    }
}

// The lowest and the highest of n values, n > 0, eight at a time; what is not a number is passed over.
PERIRAD_WIDE static void find_range(const double* values, size_t n, double range[2]) {
    double low[8], high[8];
    for (size_t k = 0; k < 8; ++k) low[k] = high[k] = values[0];
    size_t at = 0;
    for (; at + 8 <= n; at += 8) {
        for (size_t k = 0; k < 8; ++k) low[k] = values[at + k] < low[k] ? values[at + k] : low[k];
        for (size_t k = 0; k < 8; ++k) high[k] = values[at + k] > high[k] ? values[at + k] : high[k];
    }
    for (; at < n; ++at) {
        low[0] = values[at] < low[0] ? values[at] : low[0];
        high[0] = values[at] > high[0] ? values[at] : high[0];
    }
    for (size_t k = 1; k < 8; ++k) {
        low[0] = low[k] < low[0] ? low[k] : low[0];
        high[0] = high[k] > high[0] ? high[k] : high[0];
    }
    range[0] = low[0], range[1] = high[0];
}

// base: number of the lowest bin. levels: (n); from 1, or 0 for a level above n_levels, and for what is not a number.
// A value on an edge belongs to the upper bin; the quotient of a value just below an edge may round up to it.
PERIRAD_WIDE static void find_levels(const double* values, size_t n, double width, double base, double n_levels,
                                     std::uint8_t* levels) {
    for (size_t i = 0; i < n; ++i) {
        double index = std::floor(values[i] / width);
        index -= values[i] < index * width ? 1.0 : 0.0;
        index -= base;
        index = (index >= 0.0) & (index < n_levels) ? index : -1.0;
        levels[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(index) + 1);
    }
}

// counts: zeroed; in four tables by turns, because equal levels that follow one another would wait for each other.
inline void count_levels(const std::uint8_t* levels, size_t n, std::int64_t* counts) {
    std::uint32_t by_turns[4][kMostLevels + 1] = {};
    for (size_t i = 0; i < n; ++i) ++by_turns[i % 4][levels[i]];
    for (size_t g = 1; g <= kMostLevels; ++g) {
        const std::int64_t sum = std::int64_t{by_turns[0][g]} + by_turns[1][g] + by_turns[2][g] + by_turns[3][g];
        if (sum > 0) counts[g] = sum;
    }
}

PERIRAD_WIDE static void shift_levels(const std::uint8_t* levels, size_t n, std::uint16_t shift, std::uint16_t* codes) {
    for (size_t i = 0; i < n; ++i) codes[i] = static_cast<std::uint16_t>(levels[i] + shift);
}

// Puts levels, which lie one part after the other, in their places: levels and codes, level + n_levels * part, of
// shape (rows, columns), zeroed.
inline void place_levels(const Parts& parts, const std::uint8_t* of_parts, const std::int64_t* starts, size_t n_levels,
                         std::uint8_t* levels, std::uint16_t* codes) {
    const std::uint8_t* from[kMostRegions];
    for (size_t p = 0; p < parts.n_parts; ++p) from[p] = of_parts + starts[p];
    for (const Segment* s = parts.segments; s != parts.segments + parts.n_segments; ++s) {
        const size_t at = static_cast<size_t>(s->row) * parts.columns + static_cast<size_t>(s->column);
        const size_t n = static_cast<size_t>(s->length), part = static_cast<size_t>(s->part);
        std::memcpy(levels + at, from[part], n);
        shift_levels(from[part], n, static_cast<std::uint16_t>(part * n_levels), codes + at);
        from[part] += n;
    }
}

}  // namespace perirad
