// Texture matrices of small square windows, one window after another, as lists of non-zero cells.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perirad {

// Non-zero cells of consecutive matrices, in arrays that the caller provides.
struct CellList {
    std::int64_t* matrix;
    std::int64_t* i;
    std::int64_t* j;
    double* n;
    std::size_t size;

    // Without `keep` the cell is overwritten by the next: one cell more than are kept must have room.
    void put(std::int64_t m, std::int64_t row, std::int64_t column, double count, bool keep = true) {
        matrix[size] = m;
        i[size] = row;
        j[size] = column;
        n[size] = count;
        size += keep;
    }
};

// One window cut out of the region, with a border of zeros. Its levels are numbered through as they appear ("slots",
// from 1), so that tables are as small as the window's own variety and not as large as the region's.
class Window {
   public:
    // levels: uint16, `columns` wide, 0 outside the region, at least `radius` zeros around it.
    Window(const std::uint16_t* levels, std::size_t columns, std::size_t radius, std::size_t n_levels)
        : side(2 * radius + 1),
          width(2 * radius + 3),
          most_slots(std::min(n_levels, side * side)),
          slots(width * width, 0),
          level_of(most_slots + 1, 0),
          levels_(levels),
          columns_(columns),
          radius_(radius),
          slot_of_(n_levels + 1, 0) {}

    void move_to(std::int64_t centre) {
        for (std::size_t s = 1; s <= n_slots; ++s) slot_of_[level_of[s]] = 0;
        n_slots = 0;
        n_pixels = 0;
        highest = 0;
        const std::uint16_t* from = levels_ + centre - radius_ * columns_ - radius_;
        std::uint16_t* to = slots.data() + width + 1;
        for (std::size_t r = 0; r < side; ++r, from += columns_, to += width) {
            for (std::size_t c = 0; c < side; ++c) {
                const std::uint16_t g = from[c];
                if (g == 0) {
                    to[c] = 0;
                    continue;
                }
                std::uint16_t slot = slot_of_[g];
                if (slot == 0) {
                    slot = slot_of_[g] = static_cast<std::uint16_t>(++n_slots);
                    level_of[slot] = g;
                    highest = std::max<std::int64_t>(highest, g);
                }
                to[c] = slot;
                ++n_pixels;
            }
        }
    }

    const std::size_t side, width, most_slots;
    std::vector<std::uint16_t> slots, level_of;
    std::size_t n_slots = 0;
    std::int64_t n_pixels = 0, highest = 0;

   private:
    const std::uint16_t* levels_;
    std::size_t columns_, radius_;
    std::vector<std::uint16_t> slot_of_;
};

// A table of counts that remembers which of its cells are in use, so that it is read and cleared in their number.
class Tally {
   public:
    explicit Tally(std::size_t size) : count_(size, 0) {}

    void add(std::size_t cell, std::uint32_t a, std::uint32_t b) {
        if (count_[cell]++ == 0) used_.push_back({cell, a, b});
    }

    template <typename Give>
    void drain(Give give) {
        for (const Used& u : used_) {
            give(u.a, u.b, count_[u.cell]);
            count_[u.cell] = 0;
        }
        used_.clear();
    }

   private:
    struct Used {
        std::size_t cell;
        std::uint32_t a, b;
    };
    std::vector<std::uint32_t> count_;
    std::vector<Used> used_;
};

// Unordered pairs, four matrices per window: directions (0,1), (1,0), (1,1), (1,-1). Of two mirrored cells there is
// one, of either order, and it has the pairs of both.
class WindowPairs {
   public:
    explicit WindowPairs(const Window& w)
        : dense_((DENSE_SLOTS + 1) * (DENSE_SLOTS + 1), 0), tally_((w.most_slots + 1) * (w.most_slots + 1)) {}

    void count(Window& w, std::int64_t at, CellList& out) {
        const std::size_t step[4] = {1, w.width, w.width + 1, w.width - 1};
        for (int d = 0; d < 4; ++d) {
            if (w.n_slots <= DENSE_SLOTS) {
                count_dense(w, step[d], 4 * at + d, out);
            } else {
                count_sparse(w, step[d], 4 * at + d, out);
            }
        }
    }

   private:
    // Up to here a table of all pairs is read faster than the pairs in use are kept in mind: neither loop branches.
    static constexpr std::size_t DENSE_SLOTS = 20;

    void count_dense(const Window& w, std::size_t step, std::int64_t matrix, CellList& out) {
        const std::size_t stride = w.n_slots + 1;
        std::uint32_t* table = dense_.data();
        std::fill(table, table + stride * stride, 0u);
        for (std::size_t r = 1; r <= w.side; ++r) {
            const std::uint16_t* here = w.slots.data() + r * w.width;
            for (std::size_t c = 1; c <= w.side; ++c) ++table[here[c] * stride + here[c + step]];
        }
        for (std::size_t a = 1; a <= w.n_slots; ++a) {
            const std::int64_t i = w.level_of[a];
            const std::uint32_t same = table[a * stride + a];
            out.put(matrix, i, i, same, same != 0);
            for (std::size_t b = a + 1; b <= w.n_slots; ++b) {
                const std::uint32_t n = table[a * stride + b] + table[b * stride + a];
                out.put(matrix, i, w.level_of[b], n, n != 0);
            }
        }
    }

    void count_sparse(const Window& w, std::size_t step, std::int64_t matrix, CellList& out) {
        for (std::size_t r = 1; r <= w.side; ++r) {
            const std::uint16_t* here = w.slots.data() + r * w.width;
            const std::uint16_t* there = here + step;
            for (std::size_t c = 1; c <= w.side; ++c) {
                if (here[c] == 0 || there[c] == 0) continue;
                const std::uint32_t a = std::min(here[c], there[c]), b = std::max(here[c], there[c]);
                tally_.add(a * (w.n_slots + 1) + b, a, b);
            }
        }
        tally_.drain([&](std::uint32_t a, std::uint32_t b, std::uint32_t n) {
            out.put(matrix, w.level_of[a], w.level_of[b], n);
        });
    }

    std::vector<std::uint32_t> dense_;
    Tally tally_;
};

// Runs, four matrices per window. As for a region, a direction on none of whose lines two pixels lie has no runs.
// A pixel counts once for every length its run has reached; the runs of a length are those that got no further.
class WindowRuns {
   public:
    explicit WindowRuns(const Window& w)
        : at_least_((w.most_slots + 1) * (w.side + 2), 0), length_(w.slots.size(), 0), on_line_(2 * w.width) {}

    void count(Window& w, std::int64_t at, CellList& out) {
        const std::size_t step[4] = {1, w.width, w.width + 1, w.width - 1};
        for (int d = 0; d < 4; ++d) {
            if (has_line(w, d)) count_direction(w, step[d], 4 * at + d, out);
        }
    }

   private:
    void count_direction(const Window& w, std::size_t step, std::int64_t matrix, CellList& out) {
        const std::size_t stride = w.side + 2;
        for (std::size_t r = 1; r <= w.side; ++r) {
            const std::size_t start = r * w.width + 1;
            for (std::size_t p = start; p < start + w.side; ++p) {
                const std::uint32_t before = w.slots[p] == w.slots[p - step] ? length_[p - step] : 0;
                // Outside the region (slot 0) pixels count too, at one length and unread.
                length_[p] = w.slots[p] == 0 ? 0 : before + 1;
                ++at_least_[w.slots[p] * stride + length_[p]];
            }
        }
        for (std::size_t g = 1; g <= w.n_slots; ++g) {
            std::uint32_t* count = at_least_.data() + g * stride;
            for (std::size_t k = 1; count[k] != 0; ++k) {
                const std::uint32_t n = count[k] - count[k + 1];
                out.put(matrix, w.level_of[g], static_cast<std::int64_t>(k), n, n != 0);
                count[k] = 0;
            }
        }
    }

    bool has_line(const Window& w, int direction) {
        if (w.n_pixels >= static_cast<std::int64_t>(2 * w.side)) return true;  // more pixels than lines
        std::fill(on_line_.begin(), on_line_.end(), char{0});
        for (std::size_t r = 1; r <= w.side; ++r) {
            for (std::size_t c = 1; c <= w.side; ++c) {
                if (w.slots[r * w.width + c] == 0) continue;
                const std::size_t line[4] = {r, c, w.width + r - c, r + c};
                if (on_line_[line[direction]]++ != 0) return true;
            }
        }
        return false;
    }

    std::vector<std::uint32_t> at_least_, length_;
    std::vector<char> on_line_;
};

// Zones, one matrix per window. A pixel is wiped out once its zone has it: the window is used up.
class WindowZones {
   public:
    explicit WindowZones(const Window& w)
        : tally_((w.most_slots + 1) * (w.side * w.side + 1)), stack_(w.side * w.side) {}

    void count(Window& w, std::int64_t at, CellList& out) {
        for (std::size_t r = 1; r <= w.side; ++r) {
            for (std::size_t c = 1; c <= w.side; ++c) {
                const std::size_t p = r * w.width + c;
                const std::uint16_t g = w.slots[p];
                if (g == 0) continue;
                const std::uint32_t size = take_zone(w, p, g);
                tally_.add(g * (w.side * w.side + 1) + size, g, size);
            }
        }
        tally_.drain([&](std::uint32_t g, std::uint32_t size, std::uint32_t n) {
            out.put(at, w.level_of[g], size, n);
        });
    }

   private:
    std::uint32_t take_zone(Window& w, std::size_t p, std::uint16_t g) {
        const std::size_t steps[4] = {1, w.width - 1, w.width, w.width + 1};
        std::size_t waiting = 0;
        std::uint32_t size = 1;
        w.slots[p] = 0;
        stack_[waiting++] = p;
        while (waiting != 0) {
            const std::size_t q = stack_[--waiting];
            for (const std::size_t step : steps) {
                for (const std::size_t there : {q - step, q + step}) {
                    if (w.slots[there] != g) continue;
                    w.slots[there] = 0;
                    stack_[waiting++] = there;
                    ++size;
                }
            }
        }
        return size;
    }

    Tally tally_;
    std::vector<std::size_t> stack_;
};

// Pixels by how many of their eight neighbours share their level, themselves included: one matrix per window.
class WindowDependents {
   public:
    explicit WindowDependents(const Window& w) : table_((w.most_slots + 1) * 10, 0) {}

    void count(Window& w, std::int64_t at, CellList& out) {
        for (std::size_t r = 1; r <= w.side; ++r) {
            const std::uint16_t* here = w.slots.data() + r * w.width;
            const std::uint16_t* above = here - w.width;
            const std::uint16_t* below = here + w.width;
            for (std::size_t c = 1; c <= w.side; ++c) {
                const std::uint16_t g = here[c];
                const int like = (above[c - 1] == g) + (above[c] == g) + (above[c + 1] == g) + (here[c - 1] == g) +
                                 (here[c] == g) + (here[c + 1] == g) + (below[c - 1] == g) + (below[c] == g) +
                                 (below[c + 1] == g);
                ++table_[g * std::size_t{10} + static_cast<std::size_t>(like)];  // row 0, outside, is not read
            }
        }
        for (std::size_t g = 1; g <= w.n_slots; ++g) {
            for (std::size_t k = 1; k <= 9; ++k) {
                const std::uint32_t n = table_[g * 10 + k];
                if (n != 0) out.put(at, w.level_of[g], static_cast<std::int64_t>(k), n);
            }
        }
        std::fill(table_.begin(), table_.begin() + static_cast<std::ptrdiff_t>((w.n_slots + 1) * 10), 0u);
    }

   private:
    std::vector<std::uint32_t> table_;
};

// Tone differences: cell (level, pixels of the level), and in place of a count the summed difference to the mean of
// the neighbours. Differences are whole numbers for each number of neighbours, so no order of summation matters.
class WindowTones {
   public:
    explicit WindowTones(const Window& w) : sums_((w.most_slots + 1) * 9, 0), pixels_(w.most_slots + 1, 0) {}

    void count(Window& w, std::int64_t at, CellList& out) {
        for (std::size_t r = 1; r <= w.side; ++r) {
            for (std::size_t c = 1; c <= w.side; ++c) add(w, w.slots.data() + r * w.width + c);
        }
        for (std::size_t g = 1; g <= w.n_slots; ++g) {
            double difference = 0.0;
            for (std::size_t k = 1; k <= 8; ++k) {
                difference += static_cast<double>(sums_[g * 9 + k]) / static_cast<double>(k);
            }
            out.put(at, w.level_of[g], pixels_[g], difference);
        }
        std::fill(sums_.begin(), sums_.begin() + static_cast<std::ptrdiff_t>((w.n_slots + 1) * 9), 0);
        std::fill(pixels_.begin(), pixels_.begin() + static_cast<std::ptrdiff_t>(w.n_slots + 1), 0);
    }

   private:
    void add(const Window& w, const std::uint16_t* pixel) {
        const std::uint16_t g = *pixel;
        if (g == 0) return;
        const std::uint16_t* row = pixel - w.width - 1;
        std::int64_t near = 0, sum = 0;
        for (int k = 0; k < 3; ++k, row += w.width) {
            near += (row[0] != 0) + (row[1] != 0) + (row[2] != 0);
            sum += std::int64_t{w.level_of[row[0]]} + w.level_of[row[1]] + w.level_of[row[2]];
        }
        const std::int64_t level = w.level_of[g];
        const std::int64_t difference = near * level - sum;  // the pixel itself cancels
        ++pixels_[g];
        sums_[g * std::size_t{9} + static_cast<std::size_t>(near - 1)] += difference < 0 ? -difference : difference;
    }

    std::vector<std::int64_t> sums_, pixels_;
};

// Count the windows around `centres` (flat positions in `levels`); pixels, highest: of each window.
template <typename Counter>
std::size_t count_windows(const std::uint16_t* levels, std::size_t columns, std::size_t n_levels,
                          const std::int64_t* centres, std::size_t n_centres, std::size_t radius, CellList& out,
                          std::int64_t* pixels, std::int64_t* highest) {
    Window window(levels, columns, radius, n_levels);
    Counter counter(window);
    for (std::size_t k = 0; k < n_centres; ++k) {
        window.move_to(centres[k]);
        pixels[k] = window.n_pixels;
        highest[k] = window.highest;
        counter.count(window, static_cast<std::int64_t>(k), out);
    }
    return out.size;
}

}  // namespace perirad
