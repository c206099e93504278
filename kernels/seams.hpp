// Regions counted together. The picture falls into disjoint parts, each inside or outside of every region; a part's own
// pixels are counted once, by the kernels of the families, with a code that differs for every part and level. What is
// here repairs the counts along the seams, where a pixel's neighbour belongs to another part.
#pragma once
#include <cstddef>
#include <cstdint>

#include "glszm.hpp"

namespace perirad {

using std::size_t;

constexpr size_t kMostRegions = 16;

// A picture in levels, with a border of zeros. codes: level + n_levels * number of the part, 0 outside. levels: 0
// outside. owners: bit r is set where region r holds the pixel.
struct Parted {
    const std::uint16_t* codes;
    const std::uint16_t* levels;
    const std::uint16_t* owners;
    std::ptrdiff_t columns;
    size_t n_levels;
    size_t n_regions;
};

// seams: places of pixels with a neighbour in another part. dependents, differences: (n_codes + 1, 9) as counted by
// count_dependents and sum_differences on the codes; the seams are taken out.
// of_regions_dependents, of_regions_differences: (n_regions, n_levels + 1, 9), zeroed; the seams are put in, once for
// each region that holds them, with the neighbours that it holds.
inline void move_neighbours(const Parted& at, const std::int64_t* seams, size_t n_seams, std::uint32_t* dependents,
                            std::int64_t* differences, std::uint32_t* of_regions_dependents,
                            std::int64_t* of_regions_differences) {
    const std::ptrdiff_t w = at.columns;
    const std::ptrdiff_t around[8] = {-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1};
    const auto absolute = [](std::int64_t x) { return x < 0 ? -x : x; };
    for (size_t s = 0; s < n_seams; ++s) {
        const std::int64_t p = seams[s];
        const std::int64_t code = at.codes[p], level = at.levels[p];
        std::int64_t equal = 0, known = 0, sum = 0;
        for (const std::ptrdiff_t step : around) {
            const std::int64_t other = at.codes[p + step];
            equal += other == code;
            known += other != 0;
            sum += other;
        }
        --dependents[code * 9 + equal];
        differences[code * 9 + known] -= absolute(known * code - sum);
        for (size_t r = 0; r < at.n_regions; ++r) {
            if (!(at.owners[p] >> r & 1)) continue;
            equal = known = sum = 0;
            for (const std::ptrdiff_t step : around) {
                const std::int64_t inside = at.owners[p + step] >> r & 1;
                const std::int64_t other = at.levels[p + step];
                equal += inside & (other == level);
                known += inside;
                sum += inside * other;
            }
            const size_t row = (r * (at.n_levels + 1) + static_cast<size_t>(level)) * 9;
            ++of_regions_dependents[row + static_cast<size_t>(equal)];
            of_regions_differences[row + static_cast<size_t>(known)] += absolute(known * level - sum);
        }
    }
}

// links: places of pixels whose next pixel, `step` further, belongs to another part, some region holding both.
// runs: (n_regions, n_levels + 1, longest + 1) with `stride` cells from one region to the next, zeroed; what has to be
// added to the runs of a region's parts, cell k for length k: runs that go on across a seam, less their pieces.
// Returns the longest run joined, or 0.
inline size_t join_runs(const Parted& at, const std::int64_t* links, size_t n_links, std::ptrdiff_t step,
                        size_t longest, size_t stride, std::int32_t* runs) {
    size_t most = 0;
    for (size_t l = 0; l < n_links; ++l) {
        std::int64_t p = links[l];
        const std::uint16_t level = at.levels[p];
        if (at.levels[p + step] != level) continue;
        const std::uint16_t code = at.codes[p];
        while (at.codes[p - step] == code) p -= step;
        // A run over several seams is taken at the first of them.
        if (at.levels[p - step] == level && (at.owners[p - step] & at.owners[p])) continue;
        size_t whole[kMostRegions] = {};
        for (bool more = true; more;) {
            const std::uint16_t here = at.codes[p];
            const unsigned owners = at.owners[p];
            size_t length = 1;
            for (p += step; at.codes[p] == here; p += step) ++length;
            more = at.levels[p] == level && (at.owners[p] & owners);
            for (size_t r = 0; r < at.n_regions; ++r) {
                std::int32_t* cells = runs + r * stride + level * (longest + 1);
                if (owners >> r & 1) {
                    whole[r] += length;
                    --cells[length];
                }
                if (whole[r] > 0 && !(more && (owners >> r & 1))) {
                    ++cells[whole[r]];
                    if (whole[r] > most) most = whole[r];
                    whole[r] = 0;
                }
            }
        }
    }
    return most;
}

// labels: (rows, columns), parent, size: as count_zones has left them. links: (n_links, 2) places of neighbours in
// different parts. edges: (n_links, 4), joined, stamp: (n_labels), total: (n_labels) scratch, stamp zeroed.
// changes: (3 * n_links * n_regions, 4); rows (region, level, size, +1 or -1), what has to be added to the zones of a
// region's parts. Returns the number of rows.
inline size_t join_zones(const Parted& at, const std::int64_t* links, size_t n_links, const std::int32_t* labels,
                         std::int32_t* parent, const std::int32_t* size, std::int32_t* edges, std::int32_t* joined,
                         std::int64_t* total, std::int32_t* stamp, std::int64_t* changes) {
    size_t n_edges = 0, n = 0;
    for (size_t l = 0; l < n_links; ++l) {
        const std::int64_t p = links[2 * l], q = links[2 * l + 1];
        if (at.levels[p] != at.levels[q]) continue;
        std::int32_t* edge = edges + 4 * n_edges;
        edge[0] = root_of(parent, labels[p]), edge[1] = root_of(parent, labels[q]);
        edge[2] = at.owners[p] & at.owners[q], edge[3] = at.levels[p];
        // Neighbouring links mostly join the same two zones.
        if (n_edges == 0 || edge[0] != edge[-4] || edge[1] != edge[-3]) ++n_edges;
    }
    const auto change = [&](size_t region, std::int64_t level, std::int64_t pixels, std::int64_t by) {
        std::int64_t* row = changes + 4 * n++;
        row[0] = static_cast<std::int64_t>(region), row[1] = level, row[2] = pixels, row[3] = by;
    };
    for (size_t r = 0; r < at.n_regions; ++r) {
        const std::int32_t now = static_cast<std::int32_t>(r) + 1;
        for (const std::int32_t* edge = edges; edge != edges + 4 * n_edges; edge += 4) {
            if (!(edge[2] >> r & 1)) continue;
            std::int32_t zone[2] = {edge[0], edge[1]};
            for (std::int32_t& z : zone) {
                if (stamp[z] != now) {
                    stamp[z] = now, joined[z] = z, total[z] = size[z];
                    change(r, edge[3], size[z], -1);
                }
                z = root_of(joined, z);
            }
            if (zone[0] == zone[1]) continue;
            joined[zone[1]] = zone[0];
            total[zone[0]] += total[zone[1]];
        }
        for (const std::int32_t* edge = edges; edge != edges + 4 * n_edges; edge += 4) {
            if (!(edge[2] >> r & 1)) continue;
            const std::int32_t z = root_of(joined, edge[0]);
            if (stamp[z] != now) continue;
            stamp[z] = 0;  // told once; no zone of this region is stamped again
            change(r, edge[3], total[z], 1);
        }
    }
    return n;
}

}  // namespace perirad
