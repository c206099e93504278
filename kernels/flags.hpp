// Where levels change in a row, and whether they do so seldom: then the changes are sought, not every pixel counted.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "wide.hpp"

namespace perirad {

// Share of pixels with an equal right neighbour from which levels change seldom.
constexpr double kEven = 0.75;

// Pixels whose next one has another level, pixels outside included.
PERIRAD_WIDE static void flag_changes(const std::uint16_t* here, std::size_t n, std::uint8_t* flags) {
    for (std::size_t c = 0; c < n; ++c) flags[c] = here[c] != here[c + 1];
}

// Whether most pixels of the region have an equal right neighbour.
PERIRAD_WIDE static bool is_even(const std::uint16_t* levels, std::size_t n) {
    std::size_t equal = 0, inside = 0;
    for (std::size_t p = 0; p + 1 < n; ++p) {
        inside += levels[p] != 0;
        equal += (levels[p] != 0) & (levels[p] == levels[p + 1]);
    }
    return static_cast<double>(equal) > kEven * static_cast<double>(inside);
}

// Calls `tell(c)` for every c from 1 to n - 2 at which `flags` is 1, else 0; eight flags at a time.
template <typename Tell>
void for_flags(const std::uint8_t* flags, std::size_t n, const Tell& tell) {
    std::size_t c = 1;
    for (; c + 9 <= n; c += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, flags + c, 8);
#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        for (; eight != 0; eight &= eight - 1) tell(c + static_cast<std::size_t>(__builtin_ctzll(eight)) / 8);
#else
        if (eight == 0) continue;
        for (std::size_t k = 0; k < 8; ++k) {
            if (flags[c + k]) tell(c + k);
        }
#endif
    }
    for (; c + 1 < n; ++c) {
        if (flags[c]) tell(c);
    }
}

}  // namespace perirad
