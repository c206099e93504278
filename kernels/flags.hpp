// Places that are flagged in a row, most of which are not.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace perirad {

// Calls `tell(c)` for every c from 1 to n - 2 at which `flags` is 1, else 0; eight flags at a time.
template <typename Tell>
void for_flags(const std::uint8_t* flags, std::size_t n, const Tell& tell) {
    std::size_t c = 1;
    for (; c + 9 <= n; c += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, flags + c, 8);
        if (eight == 0) continue;
        for (std::size_t k = 0; k < 8; ++k) {
            if (flags[c + k]) tell(c + k);
        }
    }
    for (; c + 1 < n; ++c) {
        if (flags[c]) tell(c);
    }
}

}  // namespace perirad
