// Grey level zones: 8-connected pixels of one level.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "flags.hpp"
#include "wide.hpp"

namespace perirad {

inline std::int32_t root_of(std::int32_t* parent, std::int32_t label) {
    while (parent[label] != label) {
        parent[label] = parent[parent[label]];
        label = parent[label];
    }
    return label;
}

inline std::int32_t join(std::int32_t* parent, std::int32_t a, std::int32_t b) {
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b) return parent[b] = a;
    return parent[a] = b;
}

// Zones as they are found: root_of(parent, label) is a zone, size[zone] its pixels, level_of[zone] its level. All three
// have room for as many labels as there are pixels.
struct ZoneLabels {
    std::int32_t* parent;
    std::int32_t* size;
    std::uint16_t* level_of;
    std::int32_t n = 0;

    // Writes a new label, and keeps it where it is `taken`.
    std::int32_t offer(std::uint16_t level, bool taken) {
        parent[n] = n, size[n] = 0, level_of[n] = level;
        n += taken;
        return n - taken;
    }

    // A parent is always the older label, so one pass from young to old brings every size to its root.
    void gather_sizes() {
        for (std::int32_t k = n - 1; k >= 0; --k) {
            if (parent[k] != k) size[parent[k]] += size[k];
        }
    }
};

// How a pixel gets its label.
enum Source { kNew, kUpperRight, kUpperLeft, kUp, kLeft, kJoinUpperLeft, kJoinLeft, kOutside };

// Of the four neighbours already seen, the one above touches the other three and the left one touches the upper left;
// only left (or upper left) and upper right can belong to zones not yet joined.
PERIRAD_WIDE static void find_sources(const std::uint16_t* above, const std::uint16_t* here, std::ptrdiff_t n,
                                      std::uint8_t* sources) {
    for (std::ptrdiff_t c = 0; c < n; ++c) {
        const std::uint16_t g = here[c];
        const bool upper_right = above[c + 1] == g;
        Source source = upper_right ? kUpperRight : kNew;
        source = above[c - 1] == g ? (upper_right ? kJoinUpperLeft : kUpperLeft) : source;
        source = here[c - 1] == g ? (upper_right ? kJoinLeft : kLeft) : source;
        source = above[c] == g ? kUp : source;
        sources[c] = g == 0 ? kOutside : source;
    }
}

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// labels: (n_label_rows, columns), used in turn: 2 for scratch, or all rows to keep each pixel's label.
// Where levels change often, no question about a pixel's neighbours can be foreseen; labels are selected without a
// branch.
inline void label_pixels(const std::uint16_t* levels, std::size_t rows, std::size_t columns, std::int32_t* labels,
                         std::size_t n_label_rows, ZoneLabels& zones) {
    // The place of the label in the row above, and whether it is that one, the last pixel's, or a new one.
    constexpr std::ptrdiff_t place[8] = {0, 1, -1, 0, 0, -1, 0, 0};
    constexpr std::int32_t of_above[8] = {0, -1, -1, -1, 0, -1, 0, 0}, of_left[8] = {0, 0, 0, 0, -1, 0, -1, 0},
                           of_none[8] = {-1, 0, 0, 0, 0, 0, 0, 0};
    std::vector<std::uint8_t> sources(columns);
    std::int32_t* const size = zones.size;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        std::int32_t* label = labels + (r % n_label_rows) * columns;
        const std::int32_t* upper = labels + ((r - 1) % n_label_rows) * columns;
        find_sources(here - columns + 1, here + 1, static_cast<std::ptrdiff_t>(columns) - 2, sources.data() + 1);
        std::int32_t mine = 0;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint8_t source = sources[c];
            if (source == kOutside) continue;
            const std::int32_t fresh = zones.offer(here[c], source == kNew);
            const std::int32_t seen = upper[static_cast<std::ptrdiff_t>(c) + place[source]];
            mine = (mine & of_left[source]) | (seen & of_above[source]) | (fresh & of_none[source]);
            if (source >= kJoinUpperLeft) mine = join(zones.parent, mine, upper[c + 1]);
            label[c] = mine;
            ++size[mine];
        }
    }
    zones.gather_sizes();
}

// The same from run to run of pixels in a row: quicker where levels change seldom.
// labels: (rows, columns), takes each pixel's label; or null.
inline void label_runs(const std::uint16_t* levels, std::size_t rows, std::size_t columns, std::int32_t* labels,
                       ZoneLabels& zones) {
    struct Run {
        std::size_t begin, end;
        std::int32_t label;
        std::uint16_t level;
    };
    std::vector<std::uint8_t> flags(columns);
    std::vector<Run> runs, above;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        std::swap(runs, above);
        runs.clear();
        std::size_t begin = 1, first = 0;
        flag_changes(here + 1, columns - 2, flags.data() + 1);
        for_flags(flags.data(), columns, [&](std::size_t c) {
            Run run{begin, c + 1, -1, here[c]};
            begin = c + 1;
            if (run.level == 0) return;
            while (first < above.size() && above[first].end < run.begin) ++first;
            for (std::size_t k = first; k < above.size() && above[k].begin <= run.end; ++k) {
                if (above[k].level != run.level) continue;
                run.label = run.label < 0 ? above[k].label : join(zones.parent, run.label, above[k].label);
            }
            if (run.label < 0) run.label = zones.offer(run.level, true);
            zones.size[run.label] += static_cast<std::int32_t>(run.end - run.begin);
            runs.push_back(run);
            if (labels != nullptr) std::fill(labels + r * columns + run.begin, labels + r * columns + run.end, run.label);
        });
    }
    zones.gather_sizes();
}

// first: (n_levels + 1) place of the first cell of a level in `zones`. labels: (2, columns), parent, size, level_of:
// (n_pixels) scratch.
// zones: (n_cells), zeroed; cell first[g] + k - 1 becomes the number of zones of level g with k pixels.
inline void count_zones(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const std::int64_t* first,
                        std::int32_t* labels, std::int32_t* parent, std::int32_t* size, std::uint16_t* level_of,
                        std::uint32_t* zones) {
    ZoneLabels found{parent, size, level_of};
    if (is_even(levels, rows * columns)) {
        label_runs(levels, rows, columns, nullptr, found);
    } else {
        label_pixels(levels, rows, columns, labels, 2, found);
    }
    for (std::int32_t k = 0; k < found.n; ++k) {
        if (parent[k] == k) ++zones[first[level_of[k]] + size[k] - 1];
    }
}

// The zone of every pixel of the region, numbered from 0 in no particular order. labels: (rows, columns); parent, size,
// level_of: (n_pixels), of which size and level_of become those of the zones. Returns the number of zones.
inline std::int32_t number_zones(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                                 std::int32_t* labels, std::int32_t* parent, std::int32_t* size,
                                 std::uint16_t* level_of) {
    ZoneLabels found{parent, size, level_of};
    if (is_even(levels, rows * columns)) {
        label_runs(levels, rows, columns, labels, found);
    } else {
        label_pixels(levels, rows, columns, labels, rows, found);
    }
    // A parent is always the older label: it has its number when its children ask for theirs.
    std::int32_t n_zones = 0;
    for (std::int32_t k = 0; k < found.n; ++k) {
        if (parent[k] == k) {
            size[n_zones] = size[k], level_of[n_zones] = level_of[k];
            parent[k] = n_zones++;
        } else {
            parent[k] = parent[parent[k]];
        }
    }
    for (std::size_t p = 0; p < rows * columns; ++p) {
        if (levels[p] != 0) labels[p] = parent[labels[p]];
    }
    return n_zones;
}

}  // namespace perirad
