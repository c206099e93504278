// Grey level dependence: how many of the eight neighbours have the pixel's own level.
#pragma once
#include <cstddef>
#include <cstdint>

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

}  // namespace perirad
