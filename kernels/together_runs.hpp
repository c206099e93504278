// Runs of regions, put together from those of their parts: a run that goes on from part to part is put right along the
// seams.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cell_list.hpp"
#include "coded.hpp"
#include "glrlm.hpp"
#include "parts.hpp"

namespace perirad {

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
    for (size_t k = 0; k < parts.crossings.size(); ++k) {
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

// first: (n_codes + 2) where the runs of a code begin, and the end, in a table with room for as many pixels as the code
// has, or as the picture's longer side, and one cell more. Returns the number of cells.
inline size_t lay_out_runs(const Parts& parts, const Coded& coded, std::vector<std::int64_t>& first) {
    const std::int64_t longest = static_cast<std::int64_t>(std::max(parts.rows, parts.columns)) - 2;
    std::int64_t n_cells = 0;
    first.push_back(0);
    for (size_t p = 0; p < parts.n_parts; ++p) {
        for (size_t g = 1; g <= coded.n_levels; ++g) {
            first.push_back(n_cells);
            n_cells += std::min(coded.of_parts[p * (coded.n_levels + 1) + g], longest) + 1;
        }
    }
    first.push_back(n_cells);
    return static_cast<size_t>(n_cells);
}

// Runs of one region, direction and level. of_codes: the runs of that direction.
inline void add_runs(const Parts& parts, const Coded& coded, const std::uint32_t* of_codes,
                     const std::vector<std::int64_t>& first, RunChanges& changes, size_t r, size_t d, size_t g,
                     CellList& cells) {
    const std::uint32_t *next[kMostRegions], *end[kMostRegions];
    size_t n_rows = 0;
    for (size_t p = 0; p < parts.n_parts; ++p) {
        if (!parts.holds(r, p)) continue;
        const size_t code = p * coded.n_levels + g;
        next[n_rows] = of_codes + first[code];
        end[n_rows++] = of_codes + first[code + 1];
    }
    std::int64_t left = coded.of_regions[r * (coded.n_levels + 1) + g];
    for (size_t length = 1; left > 0; ++length) {
        std::int64_t n = length <= changes.longest() ? changes.at(d, g, length)[r * changes.of_region()] : 0;
        for (size_t k = 0; k < n_rows; ++k) {
            if (next[k] != end[k]) n += *next[k]++;
        }
        if (n == 0) continue;
        left -= static_cast<std::int64_t>(length) * n;
        cells.add(r * kDirections + d, static_cast<std::int64_t>(g) + 1 - coded.first[r],
                  static_cast<std::int64_t>(length), n);
    }
}

inline void runs_together(const Parts& parts, const Coded& coded, CellList& cells) {
    const size_t side = coded.n_levels + 1;
    std::vector<std::int64_t> first;
    const size_t n_cells = lay_out_runs(parts, coded, first);
    std::vector<std::uint32_t> of_codes(kDirections * n_cells);
    RunChanges changes(parts.n_regions, coded.n_levels);
    const std::uint16_t* codes = coded.codes;
    if (coded.even) {
        count_and_join_runs(parts, coded.levels, codes, first.data(), n_cells, of_codes.data(), changes);
    } else {
        count_run_lengths(codes, parts.rows, parts.columns, first.data(), first.size() - 2, n_cells, of_codes.data());
        join_runs(parts, coded.levels, codes, changes);
    }
    for (size_t r = 0; r < parts.n_regions; ++r) {
        for (size_t d = 0; d < kDirections; ++d) {
            if (!parts.lines[r * kDirections + d]) continue;
            for (size_t g = 1; g < side; ++g) {
                add_runs(parts, coded, of_codes.data() + d * n_cells, first, changes, r, d, g, cells);
            }
        }
    }
}

}  // namespace perirad
