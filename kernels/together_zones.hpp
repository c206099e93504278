// Zones of regions, put together from those of their parts: zones that touch across a seam are joined in the regions
// that hold both.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "cell_list.hpp"
#include "coded.hpp"
#include "glszm.hpp"
#include "parts.hpp"
#include "scratch.hpp"

namespace perirad {

constexpr size_t kSmallZone = 64;

// Two zones of neighbouring parts that touch, and the regions that hold both ends.
struct Touch {
    std::int32_t zone[2];
    std::uint16_t regions;
    std::uint8_t level;
};

// A number of zones of one level and size (pixels).
struct Zones {
    std::int64_t level, size, n;
};

// touches: zones that touch, as find_touches has them; size: pixels of each. joined, total, stamp: (n_labels) scratch,
// stamp other than `now`, which differs for every region. Tells what has to be added to the zones of the region's
// parts: whole zones, less their pieces.
template <typename Tell>
void join_zones(const std::vector<Touch>& touches, size_t region, const std::int32_t* size, std::int32_t* joined,
                std::int32_t* total, std::int32_t* stamp, const Tell& tell) {
    const std::int32_t now = static_cast<std::int32_t>(region) + 1;
    for (const Touch& touch : touches) {
        if (!(touch.regions >> region & 1)) continue;
        std::int32_t zone[2] = {touch.zone[0], touch.zone[1]};
        for (std::int32_t& z : zone) {
            if (stamp[z] != now) {
                stamp[z] = now, joined[z] = z, total[z] = size[z];
                tell(Zones{touch.level, size[z], -1});
            }
            z = root_of(joined, z);
        }
        if (zone[0] == zone[1]) continue;
        joined[zone[1]] = zone[0];
        total[zone[0]] += total[zone[1]];
    }
    for (const Touch& touch : touches) {
        if (!(touch.regions >> region & 1)) continue;
        const std::int32_t z = root_of(joined, touch.zone[0]);
        if (stamp[z] != now) continue;
        stamp[z] = 0;  // told once; no zone of this region is stamped again
        tell(Zones{touch.level, total[z], 1});
    }
}

// Neighbouring crossings mostly join the same two zones, of which one touch is kept. latest: (n_labels) scratch.
inline std::vector<Touch> find_touches(const Parts& parts, const Coded& coded, const std::int32_t* labels,
                                       std::int32_t* parent, std::vector<std::int32_t>& latest) {
    std::fill(latest.begin(), latest.end(), -1);
    std::vector<Touch> touches;
    for (const Crossing& crossing : parts.crossings) {
        const std::ptrdiff_t p = crossing.place, q = p + parts.step(static_cast<size_t>(crossing.direction));
        const std::uint16_t regions = parts.owners[p] & parts.owners[q];
        if (coded.levels[p] != coded.levels[q] || regions == 0) continue;
        std::int32_t one = root_of(parent, labels[p]), other = root_of(parent, labels[q]);
        if (other < one) std::swap(one, other);
        std::int32_t& last = latest[static_cast<size_t>(one)];
        if (last >= 0 && touches[static_cast<size_t>(last)].zone[1] == other) continue;
        last = static_cast<std::int32_t>(touches.size());
        touches.push_back({{one, other}, regions, coded.levels[p]});
    }
    return touches;
}

// Adds up zones of one level and size; the small ones are in a table of shape (n_levels + 1, kSmallZone + 1).
inline void add_zones(const std::int32_t* small, std::vector<Zones>& large, size_t n_levels, size_t region,
                      std::int64_t shift, CellList& cells) {
    std::sort(large.begin(), large.end(), [](const Zones& a, const Zones& b) {
        return a.level != b.level ? a.level < b.level : a.size < b.size;
    });
    auto at = large.begin();
    for (std::int64_t g = 1; g <= static_cast<std::int64_t>(n_levels); ++g) {
        for (size_t size = 1; size <= kSmallZone; ++size) {
            const std::int64_t n = small[static_cast<size_t>(g) * (kSmallZone + 1) + size];
            if (n != 0) cells.add(region, g - shift, static_cast<std::int64_t>(size), n);
        }
        while (at != large.end() && at->level == g) {
            const std::int64_t size = at->size;
            std::int64_t n = 0;
            for (; at != large.end() && at->level == g && at->size == size; ++at) n += at->n;
            if (n != 0) cells.add(region, g - shift, size, n);
        }
    }
}

struct ZoneScratch {
    Scratch<std::int32_t> labels, parent, size;
    Scratch<std::uint16_t> code_of;
};

// Pixels of the zones of parts: how many zones a part has of each level and small size, and the large ones one by one.
struct PartZones {
    std::vector<std::int32_t> small;
    std::vector<std::vector<Zones>> large;
};

inline PartZones zones_of_parts(const Parts& parts, const Coded& coded, const ZoneLabels& found) {
    const size_t row = kSmallZone + 1, plane = coded.side() * row;
    PartZones zones{std::vector<std::int32_t>(parts.n_parts * plane), std::vector<std::vector<Zones>>(parts.n_parts)};
    std::vector<size_t> rows_of_codes(1);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        for (size_t g = 1; g <= coded.n_levels; ++g) rows_of_codes.push_back(p * plane + g * row);
    }
    for (std::int32_t k = 0; k < found.n; ++k) {
        if (found.parent[k] != k) continue;
        const std::uint32_t pixels = static_cast<std::uint32_t>(found.size[k]), code = found.level_of[k];
        if (pixels <= kSmallZone) {
            ++zones.small[rows_of_codes[code] + pixels];
        } else {
            const size_t part = (code - 1u) / coded.n_levels;
            zones.large[part].push_back({static_cast<std::int64_t>((code - 1u) % coded.n_levels + 1), pixels, 1});
        }
    }
    return zones;
}

// As many labels are written as there are zones and pieces of zones, and no others read.
inline ZoneLabels label_zones(const Parts& parts, const Coded& coded, std::int32_t* labels, ZoneScratch& kept) {
    const size_t n_pixels = parts.n_pixels();
    ZoneLabels found{kept.parent.take(n_pixels), kept.size.take(n_pixels), kept.code_of.take(n_pixels)};
    if (coded.even) {
        label_runs(coded.codes, parts.rows, parts.columns, labels, found);
    } else {
        label_pixels(coded.codes, parts.rows, parts.columns, labels, parts.rows, found);
    }
    return found;
}

inline void zones_together(const Parts& parts, const Coded& coded, ZoneScratch& kept, CellList& cells) {
    std::int32_t* const labels = kept.labels.take(parts.rows * parts.columns);
    const ZoneLabels found = label_zones(parts, coded, labels, kept);
    const size_t row = kSmallZone + 1, plane = coded.side() * row, n_labels = static_cast<size_t>(found.n);
    const PartZones zones = zones_of_parts(parts, coded, found);
    std::vector<std::int32_t> small(parts.n_regions * plane);
    add_parts(parts, zones.small.data(), plane, small.data());
    std::vector<std::int32_t> joined(n_labels), total(n_labels), stamp(n_labels);
    const std::vector<Touch> touches = find_touches(parts, coded, labels, found.parent, joined);
    std::vector<Zones> large;
    for (size_t r = 0; r < parts.n_regions; ++r) {
        large.clear();
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (parts.holds(r, p)) large.insert(large.end(), zones.large[p].begin(), zones.large[p].end());
        }
        std::int32_t* of_region = small.data() + r * plane;
        join_zones(touches, r, found.size, joined.data(), total.data(), stamp.data(), [&](const Zones& some) {
            const size_t size = static_cast<size_t>(some.size);
            if (size <= kSmallZone) {
                of_region[static_cast<size_t>(some.level) * row + size] += static_cast<std::int32_t>(some.n);
            } else {
                large.push_back(some);
            }
        });
        add_zones(of_region, large, coded.n_levels, r, coded.first[r] - 1, cells);
    }
}

}  // namespace perirad
