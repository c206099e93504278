// Grey level dependence: how many of the eight neighbours have the pixel's own level.
#pragma once
#include <cstddef>
#include <cstdint>

namespace perirad {

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// row_buffer: (columns) scratch.
// dependents: (n_levels + 1, 9), zeroed; cell (g, k) becomes the number of pixels of level g with k equal neighbours.
inline void count_dependents(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                             std::uint16_t* row_buffer, std::uint32_t* dependents) {
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* above = here - columns;
        const std::uint16_t* below = here + columns;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint16_t g = here[c];
            row_buffer[c] = static_cast<std::uint16_t>(
                (above[c - 1] == g) + (above[c] == g) + (above[c + 1] == g) + (here[c - 1] == g) +
                (here[c + 1] == g) + (below[c - 1] == g) + (below[c] == g) + (below[c + 1] == g));
        }
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            if (here[c] != 0) ++dependents[here[c] * std::size_t{9} + row_buffer[c]];
        }
    }
}

}  // namespace perirad
