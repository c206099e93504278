// The disjoint parts that overlapping regions fall into, found once for all filtered images of a case.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "flags.hpp"
#include "wide.hpp"

namespace perirad {

using std::size_t;

constexpr size_t kMostRegions = 16;
constexpr size_t kDirections = 4;

// Pixels of one part side by side in a row; row and column in the picture with its border.
struct Segment {
    std::int32_t row, column, length, part;
};

// A pixel and the next one in a direction, which is in another part.
struct Crossing {
    std::int32_t place, direction;
};

// A pixel with neighbours in other parts. Bit k of `inside` is set where its k-th neighbour, row by row, belongs to
// `regions`; these hold the pixel, but not all of its neighbours that lie in some region.
struct Seam {
    std::int32_t place, inside, regions;
};

// Sides include a border of one pixel. owners: bit r is set where region r holds the pixel. known: neighbours in any
// region. members: (n_regions, n_parts). lines: (n_regions, 4), whether a direction has runs.
struct Parts {
    size_t rows, columns, n_parts, n_regions;
    const std::uint16_t* owners;
    const std::uint8_t* known;
    const Segment* segments;
    size_t n_segments;
    const Crossing* crossings;
    size_t n_crossings;
    const Seam* seams;
    size_t n_seams;
    const std::uint8_t* members;
    const std::uint8_t* lines;

    std::ptrdiff_t step(size_t direction) const {
        const std::ptrdiff_t w = static_cast<std::ptrdiff_t>(columns);
        const std::ptrdiff_t steps[kDirections] = {1, w, w + 1, w - 1};
        return steps[direction];
    }
};

// Calls `tell(begin, end)` with the segments of each row that has some.
template <typename Tell>
void for_rows(const Parts& parts, const Tell& tell) {
    const Segment* const last = parts.segments + parts.n_segments;
    for (const Segment *begin = parts.segments, *end = begin; begin != last; begin = end) {
        while (end != last && end->row == begin->row) ++end;
        tell(begin, end);
    }
}

// Columns from the first to the last pixel of a row's segments.
inline std::ptrdiff_t width_of(const Segment* begin, const Segment* end) {
    return end[-1].column + end[-1].length - begin->column;
}

// masks: (n_regions, rows - 2, columns - 2) of 0 and 1. owners: (rows, columns), zeroed.
inline void find_owners(const std::uint8_t* masks, size_t n_regions, size_t rows, size_t columns,
                        std::uint16_t* owners) {
    for (size_t r = 0; r < n_regions; ++r) {
        for (size_t row = 1; row + 1 < rows; ++row) {
            const std::uint8_t* mask = masks + (r * (rows - 2) + row - 1) * (columns - 2);
            std::uint16_t* to = owners + row * columns + 1;
            for (size_t c = 0; c + 2 < columns; ++c) to[c] = static_cast<std::uint16_t>(to[c] | mask[c] << r);
        }
    }
}

// Sets of regions that some pixel belongs to, in ascending order; each is a part.
inline std::vector<std::int64_t> kinds_of(const std::uint16_t* owners, size_t n_pixels) {
    std::vector<std::uint8_t> seen(65536);
    for (size_t p = 0; p < n_pixels; ++p) seen[owners[p]] = 1;
    std::vector<std::int64_t> kinds;
    for (size_t kind = 1; kind < seen.size(); ++kind) {
        if (seen[kind]) kinds.push_back(static_cast<std::int64_t>(kind));
    }
    return kinds;
}

inline std::vector<Segment> find_segments(const std::uint16_t* owners, size_t rows, size_t columns,
                                          const std::vector<std::int64_t>& kinds) {
    std::vector<std::int32_t> number(65536);
    for (size_t k = 0; k < kinds.size(); ++k) number[static_cast<size_t>(kinds[k])] = static_cast<std::int32_t>(k);
    std::vector<Segment> segments;
    for (size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = owners + r * columns;
        for (size_t c = 1; c + 1 < columns;) {
            const size_t begin = c;
            while (here[++c] == here[begin]) {
                if (c + 1 == columns) break;
            }
            if (here[begin] == 0) continue;
            segments.push_back({static_cast<std::int32_t>(r), static_cast<std::int32_t>(begin),
                                static_cast<std::int32_t>(c - begin), number[here[begin]]});
        }
    }
    return segments;
}

// known: (rows, columns), zeroed.
PERIRAD_WIDE static void count_known(const std::uint16_t* owners, size_t rows, size_t columns, std::uint8_t* inside,
                                     std::uint8_t* known) {
    for (size_t p = 0; p < rows * columns; ++p) inside[p] = owners[p] != 0;
    for (size_t p = columns + 1; p + columns + 1 < rows * columns; ++p) {
        const std::uint8_t *above = inside + p - columns, *here = inside + p, *below = here + columns;
        known[p] = static_cast<std::uint8_t>(above[-1] + above[0] + above[1] + here[-1] + here[1] + below[-1] +
                                             below[0] + below[1]);
    }
}

PERIRAD_WIDE static void flag_crossings(const std::uint16_t* here, const std::uint16_t* there, size_t n,
                                        std::uint8_t* flags) {
    for (size_t c = 0; c < n; ++c) flags[c] = (here[c] != there[c]) & (here[c] != 0) & (there[c] != 0);
}

// is_seam: (rows, columns), zeroed; set to 1 at both ends of every crossing.
inline std::vector<Crossing> find_crossings(const std::uint16_t* owners, size_t rows, size_t columns,
                                            std::uint8_t* is_seam) {
    const size_t steps[kDirections] = {1, columns, columns + 1, columns - 1};
    std::vector<std::uint8_t> flags(columns);
    std::vector<Crossing> crossings;
    for (size_t r = 1; r + 1 < rows; ++r) {
        for (size_t k = 0; k < kDirections; ++k) {
            const std::uint16_t* here = owners + r * columns;
            flag_crossings(here, here + steps[k], columns, flags.data());
            for_flags(flags.data(), columns, [&](size_t c) {
                const size_t place = r * columns + c;
                crossings.push_back({static_cast<std::int32_t>(place), static_cast<std::int32_t>(k)});
                is_seam[place] = is_seam[place + steps[k]] = 1;
            });
        }
    }
    return crossings;
}

// The seams of one pixel: regions that hold the same of its neighbours go together.
inline void seams_of(const std::uint16_t* owners, size_t columns, size_t place, std::vector<Seam>& seams) {
    const std::uint16_t *here = owners + place, *above = here - columns, *below = here + columns;
    const std::uint16_t around[8] = {above[-1], above[0], above[1], here[-1], here[1], below[-1], below[0], below[1]};
    std::int32_t known = 0;
    for (size_t k = 0; k < 8; ++k) known |= (around[k] != 0) << k;
    const size_t first = seams.size();
    for (size_t r = 0; r < kMostRegions; ++r) {
        if (!(here[0] >> r & 1)) continue;
        std::int32_t inside = 0;
        for (size_t k = 0; k < 8; ++k) inside |= (around[k] >> r & 1) << k;
        if (inside == known) continue;
        size_t s = first;
        while (s < seams.size() && seams[s].inside != inside) ++s;
        if (s == seams.size()) seams.push_back({static_cast<std::int32_t>(place), inside, 0});
        seams[s].regions |= 1 << r;
    }
}

inline std::vector<Seam> find_seams(const std::uint16_t* owners, size_t rows, size_t columns,
                                    const std::uint8_t* is_seam) {
    std::vector<Seam> seams;
    for (size_t r = 1; r + 1 < rows; ++r) {
        for_flags(is_seam + r * columns, columns, [&](size_t c) { seams_of(owners, columns, r * columns + c, seams); });
    }
    return seams;
}

struct FoundParts {
    std::vector<std::int64_t> kinds;
    std::vector<Segment> segments;
    std::vector<Crossing> crossings;
    std::vector<Seam> seams;
};

// masks: (n_regions, rows - 2, columns - 2) of 0 and 1. owners, known: (rows, columns), zeroed.
inline FoundParts find_parts(const std::uint8_t* masks, size_t n_regions, size_t rows, size_t columns,
                             std::uint16_t* owners, std::uint8_t* known) {
    find_owners(masks, n_regions, rows, columns, owners);
    FoundParts found;
    found.kinds = kinds_of(owners, rows * columns);
    found.segments = find_segments(owners, rows, columns, found.kinds);
    std::vector<std::uint8_t> flags(rows * columns);
    count_known(owners, rows, columns, flags.data(), known);
    std::fill(flags.begin(), flags.end(), 0);
    found.crossings = find_crossings(owners, rows, columns, flags.data());
    found.seams = find_seams(owners, rows, columns, flags.data());
    return found;
}

}  // namespace perirad
