// How overlapping regions fall into disjoint parts, and where these meet.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "flags.hpp"
#include "parts.hpp"
#include "wide.hpp"

namespace perirad {

// A mask of 0 and 1; its rows are `stride` apart.
struct Mask {
    const std::uint8_t* pixels;
    std::ptrdiff_t stride;
};

PERIRAD_WIDE static void add_owner(const std::uint8_t* mask, size_t n, size_t region, std::uint16_t* owners) {
    for (size_t c = 0; c < n; ++c) owners[c] = static_cast<std::uint16_t>(owners[c] | mask[c] << region);
}

// parts.owners: zeroed.
inline void find_owners(const std::vector<Mask>& masks, Parts& parts) {
    for (size_t row = 1; row + 1 < parts.rows; ++row) {
        for (size_t r = 0; r < masks.size(); ++r) {
            const std::uint8_t* mask = masks[r].pixels + static_cast<std::ptrdiff_t>(row - 1) * masks[r].stride;
            add_owner(mask, parts.columns - 2, r, parts.owners.data() + row * parts.columns + 1);
        }
    }
}

// Fills in the segments, and as their parts the sets of regions that they belong to.
inline void find_segments(Parts& parts) {
    std::vector<std::uint8_t> flags(parts.columns);
    for (size_t r = 1; r + 1 < parts.rows; ++r) {
        const std::uint16_t* here = parts.owners.data() + r * parts.columns;
        flag_changes(here, parts.columns - 1, flags.data());
        std::int32_t begin = 1;
        for_flags(flags.data(), parts.columns, [&](size_t c) {
            const std::int32_t end = static_cast<std::int32_t>(c) + 1;
            if (here[c] != 0) parts.segments.push_back({static_cast<std::int32_t>(r), begin, end - begin, here[c]});
            begin = end;
        });
    }
}

// Numbers the sets of regions that some segment belongs to, in ascending order: each is a part.
inline void number_parts(Parts& parts) {
    std::vector<std::int32_t> number(65536, -1), kinds;
    for (const Segment& segment : parts.segments) {
        std::int32_t& seen = number[static_cast<size_t>(segment.part)];
        if (seen < 0) seen = 0, kinds.push_back(segment.part);
    }
    std::sort(kinds.begin(), kinds.end());
    parts.n_parts = kinds.size();
    parts.members.resize(parts.n_regions * parts.n_parts);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        number[static_cast<size_t>(kinds[p])] = static_cast<std::int32_t>(p);
        for (size_t r = 0; r < parts.n_regions; ++r) parts.members[r * parts.n_parts + p] = kinds[p] >> r & 1;
    }
    parts.starts.assign(parts.n_parts + 1, 0);
    for (Segment& segment : parts.segments) {
        segment.part = number[static_cast<size_t>(segment.part)];
        parts.starts[static_cast<size_t>(segment.part) + 1] += segment.length;
    }
    for (size_t p = 0; p < parts.n_parts; ++p) parts.starts[p + 1] += parts.starts[p];
}

// few: 1 where a pixel has neighbours outside of all regions.
PERIRAD_WIDE static void count_known(const std::uint16_t* above, const std::uint16_t* here, const std::uint16_t* below,
                                     std::ptrdiff_t n, std::uint16_t* known, std::uint8_t* few) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        known[c] = static_cast<std::uint16_t>((above[c - 1] != 0) + (above[c] != 0) + (above[c + 1] != 0) +
                                              (here[c - 1] != 0) + (here[c + 1] != 0) + (below[c - 1] != 0) +
                                              (below[c] != 0) + (below[c + 1] != 0));
        few[c] = known[c] != 8;
    }
}

inline void find_edges(Parts& parts) {
    const size_t columns = parts.columns;
    std::vector<std::uint16_t> known(columns);
    std::vector<std::uint8_t> few(columns);
    for (const Segment& s : parts.segments) {
        const size_t place = static_cast<size_t>(s.row) * columns + static_cast<size_t>(s.column);
        const size_t n = static_cast<size_t>(s.length);
        const std::uint16_t* here = parts.owners.data() + place;
        count_known(here - columns, here, here + columns, s.length, known.data(), few.data() + 1);
        for_flags(few.data(), n + 2, [&](size_t c) {
            parts.edges.push_back({static_cast<std::int32_t>(place + c - 1), s.part, known[c - 1]});
        });
    }
}

PERIRAD_WIDE static void flag_crossings(const std::uint16_t* here, const std::uint16_t* there, size_t n,
                                        std::uint8_t* flags) {
    for (size_t c = 0; c < n; ++c) flags[c] = (here[c] != there[c]) & (here[c] != 0) & (there[c] != 0);
}

// is_seam: (rows, columns), zeroed; set to 1 at both ends of every crossing.
inline void find_crossings(Parts& parts, std::uint8_t* is_seam) {
    const size_t columns = parts.columns;
    std::vector<std::uint8_t> flags(columns);
    for_rows(parts, [&](const Segment* begin, const Segment* end) {
        const size_t first = static_cast<size_t>(begin->row) * columns + static_cast<size_t>(begin->column);
        const std::uint16_t* here = parts.owners.data() + first;
        const size_t n = static_cast<size_t>(width_of(begin, end));
        for (size_t k = 0; k < kDirections; ++k) {
            flag_crossings(here, here + parts.step(k), n, flags.data() + 1);
            for_flags(flags.data(), n + 2, [&](size_t c) {
                const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(first + c - 1);
                parts.crossings.push_back({static_cast<std::int32_t>(place), static_cast<std::int32_t>(k)});
                is_seam[place] = is_seam[place + parts.step(k)] = 1;
            });
        }
    });
}

// The seams of one pixel: regions that hold the same of its neighbours go together.
inline void seams_of(Parts& parts, size_t place) {
    const std::uint16_t* here = parts.owners.data() + place;
    const std::uint16_t *above = here - parts.columns, *below = here + parts.columns;
    const std::uint16_t around[8] = {above[-1], above[0], above[1], here[-1], here[1], below[-1], below[0], below[1]};
    std::int32_t known = 0;
    for (size_t k = 0; k < 8; ++k) known |= (around[k] != 0) << k;
    std::vector<Seam>& seams = parts.seams;
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

// Whether a region has lines of two pixels or more in each direction; more pixels than rows and columns have in all.
inline void find_lines(Parts& parts, size_t region) {
    std::uint8_t* lines = parts.lines.data() + region * kDirections;
    size_t n_pixels = 0;
    for (size_t p = 0; p < parts.n_parts; ++p) n_pixels += parts.holds(region, p) ? parts.size_of(p) : 0;
    if (n_pixels > parts.rows + parts.columns) {
        std::fill(lines, lines + kDirections, std::uint8_t{1});
        return;
    }
    std::vector<std::uint8_t> seen(kDirections * (parts.rows + parts.columns));
    for (const Segment& s : parts.segments) {
        if (!parts.holds(region, static_cast<size_t>(s.part))) continue;
        const size_t r = static_cast<size_t>(s.row), first = static_cast<size_t>(s.column);
        for (size_t c = first; c < first + static_cast<size_t>(s.length); ++c) {
            const size_t line[kDirections] = {r, c, c + parts.rows - r, c + r};
            for (size_t d = 0; d < kDirections; ++d) {
                std::uint8_t& was = seen[d * (parts.rows + parts.columns) + line[d]];
                lines[d] |= was;
                was = 1;
            }
        }
    }
}

// masks: of rows x columns each, 16 at most.
inline Parts find_parts(const std::vector<Mask>& masks, size_t rows, size_t columns) {
    Parts parts;
    parts.rows = rows + 2, parts.columns = columns + 2, parts.n_regions = masks.size();
    parts.picture_columns = columns;
    parts.owners.resize(parts.rows * parts.columns);
    find_owners(masks, parts);
    find_segments(parts);
    number_parts(parts);
    find_edges(parts);
    std::vector<std::uint8_t> is_seam(parts.rows * parts.columns);
    find_crossings(parts, is_seam.data());
    for (size_t r = 1; r + 1 < parts.rows; ++r) {
        const size_t row = r * parts.columns;
        for_flags(is_seam.data() + row, parts.columns, [&](size_t c) { seams_of(parts, row + c); });
    }
    parts.lines.resize(parts.n_regions * kDirections);
    for (size_t r = 0; r < parts.n_regions; ++r) find_lines(parts, r);
    return parts;
}

// Rows and columns from the first to before the last that hold a pixel; all 0 where none does.
struct Bounds {
    size_t top, left, bottom, right;
};

inline Bounds bounds_of(const std::vector<Mask>& masks, size_t rows, size_t columns) {
    Bounds found{rows, columns, 0, 0};
    for (const Mask& mask : masks) {
        for (size_t r = 0; r < rows; ++r) {
            const std::uint8_t* row = mask.pixels + static_cast<std::ptrdiff_t>(r) * mask.stride;
            const void* first = std::memchr(row, 1, columns);
            if (first == nullptr) continue;
            found.top = std::min(found.top, r), found.bottom = std::max(found.bottom, r + 1);
            found.left = std::min(found.left, static_cast<size_t>(static_cast<const std::uint8_t*>(first) - row));
            if (std::memchr(row + found.right, 1, columns - found.right) == nullptr) continue;
            found.right = columns;
            while (row[found.right - 1] == 0) --found.right;
        }
    }
    return found.bottom == 0 ? Bounds{0, 0, 0, 0} : found;
}

// One region for itself, in a picture cropped to it.
inline Parts crop(const Mask& mask, size_t rows, size_t columns) {
    const Bounds bounds = bounds_of({mask}, rows, columns);
    const std::uint8_t* first = mask.pixels + static_cast<std::ptrdiff_t>(bounds.top) * mask.stride + bounds.left;
    Parts parts = find_parts({{first, mask.stride}}, bounds.bottom - bounds.top, bounds.right - bounds.left);
    parts.top = bounds.top, parts.left = bounds.left, parts.picture_columns = columns;
    return parts;
}

}  // namespace perirad
