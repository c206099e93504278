// Neighbourhood grey tone difference: a pixel's level against the mean level of its neighbours in the region.
#pragma once
#include <cstddef>
#include <cstdint>

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

}  // namespace perirad
