// Grey levels of fixed width, and codes that tell level and part.
#pragma once
#include <cstddef>
#include <cstdint>

namespace perirad {

// picture: (rows, columns). part: (rows + 2, columns + 2), from 1, 0 outside. base: number of the lowest bin.
// levels, codes: as part, zeroed; from 1, code = level + n_levels * (part - 1). counts: (n_parts, n_levels), zeroed.
// A value on an edge belongs to the upper bin; the quotient of a value just below an edge may round up to it.
// Returns false when a level lies outside 1 to n_levels.
template <typename T>
bool code_levels(const T* picture, const std::uint8_t* part, std::size_t rows, std::size_t columns, double width,
                 std::int64_t base, std::int64_t n_levels, std::uint16_t* levels, std::uint16_t* codes,
                 std::int64_t* counts) {
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t at = (r + 1) * (columns + 2) + c + 1;
            if (part[at] == 0) continue;
            const double value = static_cast<double>(picture[r * columns + c]), quotient = value / width;
            std::int64_t index = static_cast<std::int64_t>(quotient);
            index -= quotient < static_cast<double>(index);
            index -= value < static_cast<double>(index) * width;
            index -= base;
            if (index < 0 || index >= n_levels) return false;
            const std::int64_t code = index + n_levels * (part[at] - 1);
            levels[at] = static_cast<std::uint16_t>(index + 1);
            codes[at] = static_cast<std::uint16_t>(code + 1);
            ++counts[code];
        }
    }
    return true;
}

}  // namespace perirad
