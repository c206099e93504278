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
// labels: (n_label_rows, columns), used in turn: 2 for scratch, or all rows to keep each pixel's label.
// parent, size, level_of: (n_pixels), of which as many are filled as labels are returned; root_of(parent, label) is the
// zone, size[zone] its pixels.
// Of the four neighbours already seen, the one above touches the other three and the left one touches the upper left;
// only left (or upper left) and upper right can belong to zones not yet joined. Speckle makes every other question
// unforeseeable, so that all four labels are read and one is selected without a branch; a new one is always written,
// and kept where no neighbour has the level.
inline std::int32_t label_zones(const std::uint16_t* levels, std::size_t rows, std::size_t columns,
                                std::int32_t* labels, std::size_t n_label_rows, std::int32_t* parent,
                                std::int32_t* size, std::uint16_t* level_of) {
    std::int32_t n_labels = 0;
    for (std::size_t r = 1; r + 1 < rows; ++r) {
        const std::uint16_t* here = levels + r * columns;
        const std::uint16_t* above = here - columns;
        std::int32_t* label = labels + (r % n_label_rows) * columns;
        const std::int32_t* upper = labels + ((r - 1) % n_label_rows) * columns;
        std::int32_t mine = 0;
        for (std::size_t c = 1; c + 1 < columns; ++c) {
            const std::uint16_t g = here[c];
            if (g == 0) continue;
            const bool left = here[c - 1] == g, upper_left = above[c - 1] == g;
            const bool up = above[c] == g, upper_right = above[c + 1] == g;
            std::int32_t chosen = n_labels;
            chosen = upper_right ? upper[c + 1] : chosen;
            chosen = upper_left ? upper[c - 1] : chosen;
            chosen = up ? upper[c] : chosen;
            mine = left & !up ? mine : chosen;
            parent[n_labels] = n_labels;
            size[n_labels] = 0;
            level_of[n_labels] = g;
            n_labels += !(left | upper_left | up | upper_right);
            if ((left | upper_left) & upper_right & !up) mine = join(parent, mine, upper[c + 1]);
            label[c] = mine;
            ++size[mine];
        }
    }
    // A parent is always the older label, so one pass from young to old brings every size to its root.
    for (std::int32_t k = n_labels - 1; k >= 0; --k) {
        if (parent[k] != k) size[parent[k]] += size[k];
    }
    return n_labels;
}

// first: (n_levels + 1) place of the first cell of a level in `zones`. labels: (n_label_rows, columns), parent, size,
// level_of: (n_pixels) scratch.
// zones: (n_cells), zeroed; cell first[g] + k - 1 becomes the number of zones of level g with k pixels.
inline void count_zones(const std::uint16_t* levels, std::size_t rows, std::size_t columns, const std::int64_t* first,
                        std::int32_t* labels, std::size_t n_label_rows, std::int32_t* parent, std::int32_t* size,
                        std::uint16_t* level_of, std::uint32_t* zones) {
    const std::int32_t n_labels =
        label_zones(levels, rows, columns, labels, n_label_rows, parent, size, level_of);
    for (std::int32_t k = 0; k < n_labels; ++k) {
        if (parent[k] == k) ++zones[first[level_of[k]] + size[k] - 1];
    }
}

}  // namespace perirad
