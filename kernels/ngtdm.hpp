// Neighbourhood grey tone difference: a pixel's level against the mean level of its neighbours in the region.
#pragma once
#include <cstddef>
#include <cstdint>

#include "parts.hpp"
#include "wide.hpp"

namespace perirad {

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// sums, neighbours: (columns) scratch.
// differences: (n_levels + 1, 9), zeroed; cell (g, k) becomes the sum, over pixels of level g with k neighbours, of
// |k g - sum of the neighbours' levels|. Whole numbers: the division by k is left to the caller, and no order of
// summation can change the value.
inline void sum_differences(const std::uint16_t* levels, std::size_t rows, std::size_t columns, std::uint32_t* sums,
                            std::uint16_t* neighbours, std::int64_t* differences) {
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* above = here - columns;
        const std::uint16_t* below = here + columns;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            sums[c] = std::uint32_t{above[c - 1]} + above[c] + above[c + 1] + here[c - 1] + here[c + 1] +
                      below[c - 1] + below[c] + below[c + 1];
        }
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            neighbours[c] = static_cast<std::uint16_t>(
                (above[c - 1] != 0) + (above[c] != 0) + (above[c + 1] != 0) + (here[c - 1] != 0) +
                (here[c + 1] != 0) + (below[c - 1] != 0) + (below[c] != 0) + (below[c + 1] != 0));
        }
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            if (here[c] == 0) continue;
            const std::int64_t k = neighbours[c];
            const std::int64_t difference = k * here[c] - static_cast<std::int64_t>(sums[c]);
            differences[here[c] * std::size_t{9} + static_cast<std::size_t>(k)] +=
                difference < 0 ? -difference : difference;
        }
    }
}

// known: neighbours in any region. differences: |known g - sum of the neighbours' levels|, at most 8 x 255.
PERIRAD_WIDE static void differ_from_neighbours(const std::uint8_t* above, const std::uint8_t* here,
                                                const std::uint8_t* below, const std::uint8_t* known, std::ptrdiff_t n,
                                                std::uint16_t* differences) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        const std::int16_t sum = static_cast<std::int16_t>(above[c - 1] + above[c] + above[c + 1] + here[c - 1] +
                                                           here[c + 1] + below[c - 1] + below[c] + below[c + 1]);
        const std::int16_t difference = static_cast<std::int16_t>(known[c] * here[c] - sum);
        differences[c] = static_cast<std::uint16_t>(difference < 0 ? -difference : difference);
    }
}

// levels: (parts.rows, parts.columns), 0 outside. row_buffer: (parts.columns) scratch.
// differences: (n_parts, n_levels + 1, 9), zeroed; cell (p, g, k) becomes the sum, over pixels of part p and level g with
// k neighbours in whatever part, of |k g - sum of the neighbours' levels|.
inline void sum_differences_of_parts(const Parts& parts, const std::uint8_t* levels, std::size_t n_levels,
                                     std::uint16_t* row_buffer, std::int64_t* differences) {
    for_rows(parts, [&](const Segment* begin, const Segment* end) {
        const std::size_t start = static_cast<std::size_t>(begin->row) * parts.columns;
        const std::uint8_t* first = levels + start + begin->column;
        differ_from_neighbours(first - parts.columns, first, first + parts.columns, parts.known + start + begin->column,
                               width_of(begin, end), row_buffer);
        for (const Segment* s = begin; s != end; ++s) {
            std::int64_t* table = differences + static_cast<std::size_t>(s->part) * (n_levels + 1) * 9;
            const std::uint8_t *here = levels + start + s->column, *known = parts.known + start + s->column;
            const std::uint16_t* of = row_buffer + (s->column - begin->column);
            for (std::int32_t c = 0; c < s->length; ++c) table[here[c] * 9 + known[c]] += of[c];
        }
    });
}

}  // namespace perirad
