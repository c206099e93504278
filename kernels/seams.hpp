// Regions put together from parts. A part's own pixels are counted once, for all regions that it belongs to; what is here
// puts the counts right along the seams, where a pixel's neighbour belongs to another part.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "glszm.hpp"
#include "parts.hpp"

namespace perirad {

// of_parts: (n_parts, n_cells). of_regions: (n_regions, n_cells), zeroed; becomes the sum of each region's parts.
template <typename T>
void add_parts(const Parts& parts, const T* of_parts, size_t n_cells, T* of_regions) {
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t p = 0; p < parts.n_parts; ++p) {
            if (!parts.members[r * parts.n_parts + p]) continue;
            const T* from = of_parts + p * n_cells;
            T* to = of_regions + r * n_cells;
            for (size_t k = 0; k < n_cells; ++k) to[k] += from[k];
        }
    }
}

// pairs: (n_regions, n_levels + 1, 4, n_levels + 1), sums of count_pairs_of_parts; pairs of which a region holds the
// first pixel only are taken out.
inline void part_pairs(const Parts& parts, const std::uint8_t* levels, size_t n_levels, std::int32_t* pairs) {
    const size_t side = n_levels + 1, plane = side * kDirections * side;
    for (size_t k = 0; k < parts.n_crossings; ++k) {
        const std::ptrdiff_t p = parts.crossings[k].place;
        const size_t direction = static_cast<size_t>(parts.crossings[k].direction);
        const std::ptrdiff_t q = p + parts.step(direction);
        std::int32_t* cell = pairs + (levels[p] * kDirections + direction) * side + levels[q];
        unsigned regions = parts.owners[p] & ~static_cast<unsigned>(parts.owners[q]);
        for (; regions != 0; regions >>= 1, cell += plane) *cell -= static_cast<std::int32_t>(regions & 1);
    }
}

// dependents, differences: (n_regions, n_levels + 1, 9), sums of count_dependents_of_parts and sum_differences_of_parts;
// pixels on a seam are counted anew with the neighbours that a region holds.
inline void part_neighbours(const Parts& parts, const std::uint8_t* levels, size_t n_levels, std::int64_t* dependents,
                            std::int64_t* differences) {
    const std::ptrdiff_t w = static_cast<std::ptrdiff_t>(parts.columns);
    const std::ptrdiff_t around[8] = {-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1};
    for (const Seam* seam = parts.seams; seam != parts.seams + parts.n_seams; ++seam) {
        const std::uint8_t* here = levels + seam->place;
        const int level = *here;
        int equal = 0, sum = 0, inner_equal = 0, inner_known = 0, inner_sum = 0;
        for (int k = 0; k < 8; ++k) {
            const int other = here[around[k]], inside = seam->inside >> k & 1;
            const int same = other == level;
            equal += same, sum += other;
            inner_equal += inside & same, inner_known += inside, inner_sum += inside * other;
        }
        const int known = parts.known[seam->place];
        const std::int64_t difference = std::abs(known * level - sum);
        const std::int64_t inner_difference = std::abs(inner_known * level - inner_sum);
        unsigned regions = static_cast<unsigned>(seam->regions);
        for (size_t row = static_cast<size_t>(level) * 9; regions != 0; regions >>= 1, row += (n_levels + 1) * 9) {
            if (!(regions & 1)) continue;
            --dependents[row + static_cast<size_t>(equal)];
            ++dependents[row + static_cast<size_t>(inner_equal)];
            differences[row + static_cast<size_t>(known)] -= difference;
            differences[row + static_cast<size_t>(inner_known)] += inner_difference;
        }
    }
}

// Runs of regions, what has to be added to the runs of their parts: a table by length that grows as lengths come.
class RunChanges {
  public:
    RunChanges(size_t n_regions, size_t n_levels)
        : of_region_(kDirections * (n_levels + 1)), of_direction_(n_levels + 1), of_length_(n_regions * of_region_) {}

    size_t longest() const { return n_.size() / of_length_; }

    // The cell of region 0; those of the others follow `of_region()` apart.
    std::int32_t* at(size_t direction, size_t level, size_t length) {
        if (length > longest()) n_.resize(length * of_length_);
        return n_.data() + (length - 1) * of_length_ + direction * of_direction_ + level;
    }

    size_t of_region() const { return of_region_; }

  private:
    size_t of_region_, of_direction_, of_length_;
    std::vector<std::int32_t> n_;
};

// A run of a level from part to part: the regions that hold it, and for each of them its pixels so far.
struct OpenRun {
    unsigned regions;
    std::uint32_t pixels[kMostRegions];
};

// Whether a run goes on from p to q in some region.
inline bool goes_on(const Parts& parts, const std::uint8_t* levels, std::ptrdiff_t p, std::ptrdiff_t q) {
    return levels[p] == levels[q] && (parts.owners[p] & parts.owners[q]) != 0;
}

// Adds a run of `length` pixels of one part: as a piece it is taken out, and where it ends a region's run, that is put
// in. more: whether it goes on in some of its `owners`.
inline void add_piece(OpenRun& run, unsigned owners, bool more, size_t direction, size_t level, std::uint32_t length,
                      RunChanges& changes) {
    std::int32_t* piece = changes.at(direction, level, length);
    for (size_t r = 0; owners >> r != 0; ++r) {
        if (!(owners >> r & 1)) continue;
        run.pixels[r] += length;
        --piece[r * changes.of_region()];
    }
    const unsigned ended = more ? run.regions & ~owners : run.regions | owners;
    for (size_t r = 0; ended >> r != 0; ++r) {
        if (!(ended >> r & 1)) continue;
        ++changes.at(direction, level, run.pixels[r])[r * changes.of_region()];
        run.pixels[r] = 0;
    }
    run.regions = more ? owners : 0;
}

// Follows runs across the seams one by one: quicker where runs are short.
// codes: level + n_levels * part, 0 outside.
inline void join_runs(const Parts& parts, const std::uint8_t* levels, const std::uint16_t* codes,
                      RunChanges& changes) {
    for (size_t k = 0; k < parts.n_crossings; ++k) {
        const size_t direction = static_cast<size_t>(parts.crossings[k].direction);
        const std::ptrdiff_t step = parts.step(direction);
        std::ptrdiff_t p = parts.crossings[k].place;
        if (!goes_on(parts, levels, p, p + step)) continue;
        const std::uint16_t code = codes[p];
        while (codes[p - step] == code) p -= step;
        // A run over several seams is taken at the first of them.
        if (goes_on(parts, levels, p - step, p)) continue;
        OpenRun run{};
        do {
            const std::ptrdiff_t begin = p;
            std::uint32_t length = 1;
            for (p += step; codes[p] == codes[begin]; p += step) ++length;
            const bool more = goes_on(parts, levels, p - step, p);
            add_piece(run, parts.owners[begin], more, direction, levels[begin], length, changes);
        } while (run.regions != 0);
    }
}

// Counts runs of codes and joins them across the seams at once, each line keeping the run that is open.
// runs: (4, n_cells), zeroed; as in count_runs.
inline void count_and_join_runs(const Parts& parts, const std::uint8_t* levels, const std::uint16_t* codes,
                                const std::int64_t* first, size_t n_cells, std::uint32_t* runs, RunChanges& changes) {
    const size_t n_lines = parts.rows + parts.columns;
    std::vector<OpenRun> open(kDirections * n_lines);
    for_run_ends(codes, parts.rows, parts.columns, [&](size_t d, size_t r, size_t c, std::uint32_t length) {
        const size_t p = r * parts.columns + c;
        ++runs[d * n_cells + static_cast<size_t>(first[codes[p]]) + length - 1];
        const size_t lines[kDirections] = {0, c, c + parts.rows - r, c + r};
        OpenRun& run = open[d * n_lines + lines[d]];
        const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(p);
        const bool more = goes_on(parts, levels, at, at + parts.step(d));
        if (run.regions != 0 || more) add_piece(run, parts.owners[p], more, d, levels[p], length, changes);
    });
}

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

// touches: zones that touch, as find_touches has them; size: pixels of each. joined,
// total, stamp: (n_labels) scratch, stamp other than `now`, which differs for every region.
// Tells what has to be added to the zones of the region's parts: whole zones, less their pieces.
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

inline std::vector<Touch> find_touches(const Parts& parts, const std::uint8_t* levels, const std::int32_t* labels,
                                       std::int32_t* parent) {
    std::vector<Touch> touches;
    for (size_t k = 0; k < parts.n_crossings; ++k) {
        const std::ptrdiff_t p = parts.crossings[k].place;
        const std::ptrdiff_t q = p + parts.step(static_cast<size_t>(parts.crossings[k].direction));
        const std::uint16_t regions = parts.owners[p] & parts.owners[q];
        if (levels[p] != levels[q] || regions == 0) continue;
        const Touch touch{{root_of(parent, labels[p]), root_of(parent, labels[q])}, regions, levels[p]};
        // Neighbouring crossings mostly join the same two zones.
        if (!touches.empty() && touches.back().regions == regions && touches.back().zone[0] == touch.zone[0] &&
            touches.back().zone[1] == touch.zone[1]) {
            continue;
        }
        touches.push_back(touch);
    }
    return touches;
}

}  // namespace perirad
