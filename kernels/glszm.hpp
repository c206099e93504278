// Grey level zones: 8-connected pixels of one level.
#pragma once
#include <cstddef>
#include <cstdint>

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

// levels: (rows, columns) with a border of zeros, 0 outside the region.
// first: (n_levels + 1) place of the first cell of a level in `zones`.
// labels: (n_label_rows, columns), used in turn: 2 for scratch, or all rows to keep each pixel's label.
// parent, size, level_of: (n_pixels) scratch; then root_of(parent, label) is the zone and size[zone] its pixels.
// zones: (n_cells), zeroed; cell first[g] + k - 1 becomes the number of zones of level g with k pixels.
// Of the four neighbours already seen, the one above touches the other three and the left one touches the upper left;
// only left (or upper left) and upper right can belong to zones not yet joined.
inline void count_zones(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const std::int64_t* first,
                        std::int32_t* labels, std::size_t n_label_rows, std::int32_t* parent, std::int32_t* size,
                        std::uint16_t* level_of, std::uint32_t* zones) {
    std::int32_t n_labels = 0;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* above = here - columns;
        std::int32_t* label = labels + (r % n_label_rows) * columns;
        const std::int32_t* upper = labels + ((r - 1) % n_label_rows) * columns;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint16_t g = here[c];
            if (g == 0) continue;
            std::int32_t mine;
            if (above[c] == g) {
                mine = upper[c];
            } else {
                const bool left = here[c - 1] == g, upper_left = above[c - 1] == g, upper_right = above[c + 1] == g;
                if (left || upper_left) {
                    mine = left ? label[c - 1] : upper[c - 1];
                    if (upper_right) mine = join(parent, mine, upper[c + 1]);
                } else if (upper_right) {
                    mine = upper[c + 1];
                } else {
                    mine = n_labels++;
                    parent[mine] = mine;
                    size[mine] = 0;
                    level_of[mine] = g;
                }
            }
            label[c] = mine;
            ++size[mine];
        }
    }
    // A parent is always the older label, so one pass from young to old brings every size to its root.
    for (std::int32_t k = n_labels - 1; k >= 0; --k) {
        if (parent[k] != k) {
            size[parent[k]] += size[k];
        } else {
            ++zones[first[level_of[k]] + size[k] - 1];
        }
    }
}

}  // namespace perirad
