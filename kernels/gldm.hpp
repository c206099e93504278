// Grey level dependence: how many of the eight neighbours have the pixel's own level.
#pragma once
#include <cstddef>
#include <cstdint>

#include "parts.hpp"
#include "wide.hpp"

namespace perirad {

PERIRAD_WIDE static void compare_neighbours(const std::uint16_t* above, const std::uint16_t* here,
                                            const std::uint16_t* below, std::size_t n, std::uint16_t* equal) {
    for (std::ptrdiff_t c = 0; c < static_cast<std::ptrdiff_t>(n); ++c) {
        const std::uint16_t g = here[c];
        equal[c] = static_cast<std::uint16_t>((above[c - 1] == g) + (above[c] == g) + (above[c + 1] == g) +
                                              (here[c - 1] == g) + (here[c + 1] == g) + (below[c - 1] == g) +
                                              (below[c] == g) + (below[c + 1] == g));
    }
}

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// row_buffer: (columns) scratch.
// dependents: (n_levels + 1, 9), zeroed; cell (g, k) becomes the number of pixels of level g with k equal neighbours.
inline void count_dependents(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                             std::uint16_t* row_buffer, std::uint32_t* dependents) {
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns + 1;
        compare_neighbours(here - columns, here, here + columns, columns - 2, row_buffer);
        for (std::size_t c = 0; c + 2 < columns; ++c) {
            if (here[c] != 0) ++dependents[here[c] * std::size_t{9} + row_buffer[c]];
        }
    }
}

PERIRAD_WIDE static void compare_neighbours(const std::uint8_t* above, const std::uint8_t* here,
                                            const std::uint8_t* below, std::ptrdiff_t n, std::uint8_t* equal) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        const std::uint8_t g = here[c];
        equal[c] = static_cast<std::uint8_t>((above[c - 1] == g) + (above[c] == g) + (above[c + 1] == g) +
                                             (here[c - 1] == g) + (here[c + 1] == g) + (below[c - 1] == g) +
                                             (below[c] == g) + (below[c + 1] == g));
    }
}

// levels: (parts.rows, parts.columns), 0 outside. equal: (parts.columns) scratch.
// dependents: (n_parts, n_levels + 1, 9), zeroed; cell (p, g, k) becomes the number of pixels of part p and level g with
// k equal neighbours, in whatever part these lie.
inline void count_dependents_of_parts(const Parts& parts, const std::uint8_t* levels, std::size_t n_levels,
                                      std::uint8_t* equal, std::int64_t* dependents) {
    for_rows(parts, [&](const Segment* begin, const Segment* end) {
        const std::uint8_t* row = levels + static_cast<std::size_t>(begin->row) * parts.columns;
        const std::uint8_t* first = row + begin->column;
        compare_neighbours(first - parts.columns, first, first + parts.columns, width_of(begin, end), equal);
        for (const Segment* s = begin; s != end; ++s) {
            std::int64_t* table = dependents + static_cast<std::size_t>(s->part) * (n_levels + 1) * 9;
            const std::uint8_t *here = row + s->column, *of = equal + (s->column - begin->column);
            for (std::int32_t c = 0; c < s->length; ++c) ++table[here[c] * 9 + of[c]];
        }
    });
}

}  // namespace perirad
