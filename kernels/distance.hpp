// Distances from every pixel of a grid to the nearest marked one, each spacing counted as it is.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace perirad::distance {

using std::int32_t;
using std::size_t;
using std::uint8_t;

// `down` and `across` are millimetres from one row, or column, to the next.
struct Grid {
    size_t rows, columns;
    double down, across;
};

constexpr uint8_t kMarked = 1, kCorner = 2;

// A marked pixel is a corner where no more than 20 of the 49 pixels about it are marked: the pixels of a straight edge
// have 28 (or 24 to 26 where the edge is oblique), the corner pixel of a rectangle 16.
constexpr std::ptrdiff_t kAround = 3;
constexpr int kCornerMost = 20;

// Beyond the last centre, an oblique or curved outline lies this share of a pixel further on; see regions/measure.py.
constexpr double kBeyond = 0.18;

// Two marked pixels are equally near when their distances differ by less than this share.
constexpr double kSame = 1e-9;

inline int count_around(const uint8_t* marks, const Grid& grid, std::ptrdiff_t row, std::ptrdiff_t column) {
    const auto rows = static_cast<std::ptrdiff_t>(grid.rows), columns = static_cast<std::ptrdiff_t>(grid.columns);
    const std::ptrdiff_t bottom = std::min(row + kAround, rows - 1), right = std::min(column + kAround, columns - 1);
    int count = 0;
    for (std::ptrdiff_t r = std::max<std::ptrdiff_t>(row - kAround, 0); r <= bottom; ++r)
        for (std::ptrdiff_t c = std::max<std::ptrdiff_t>(column - kAround, 0); c <= right; ++c)
            count += marks[r * columns + c] != 0;
    return count;
}

// Turns the marks of corner pixels from 1 into 2. Pixels with marked neighbours on all four sides are never nearest.
inline void mark_corners(uint8_t* marks, const Grid& grid) {
    const size_t wide = grid.columns;
    for (size_t r = 0; r < grid.rows; ++r) {
        uint8_t* row = marks + r * wide;
        for (size_t c = 0; c < wide; ++c) {
            if (!row[c]) continue;
            const bool inner = r > 0 && r + 1 < grid.rows && c > 0 && c + 1 < wide && row[c - 1] && row[c + 1] &&
                               marks[(r - 1) * wide + c] && marks[(r + 1) * wide + c];
            if (!inner && count_around(marks, grid, r, c) <= kCornerMost) row[c] = kCorner;
        }
    }
}

// nearest: row of the nearest marked pixel of the same column, -1 for none; of two as near, a corner, else the upper.
inline void find_nearest_rows(const uint8_t* marks, const Grid& grid, int32_t* nearest) {
    const size_t wide = grid.columns;
    std::vector<int32_t> last(wide, -1);
    for (size_t r = 0; r < grid.rows; ++r) {
        for (size_t c = 0; c < wide; ++c) {
            if (marks[r * wide + c]) last[c] = static_cast<int32_t>(r);
            nearest[r * wide + c] = last[c];
        }
    }
    std::fill(last.begin(), last.end(), -1);
    for (size_t r = grid.rows; r-- > 0;) {
        const auto here = static_cast<int32_t>(r);
        for (size_t c = 0; c < wide; ++c) {
            if (marks[r * wide + c]) last[c] = here;
            const int32_t above = nearest[r * wide + c], below = last[c];
            if (below < 0) continue;
            const bool nearer = above < 0 || below - here < here - above;
            const bool cornered = below - here == here - above && marks[below * wide + c] == kCorner;
            if (nearer || cornered) nearest[r * wide + c] = below;
        }
    }
}

// The lower envelope of the parabolas that the marked pixels of a row's columns make (Felzenszwalb and Huttenlocher
// 2012, doi:10.4086/toc.2012.v008a019). Parabolas that touch the envelope in one point stay, since they are as near.
class Envelope {
  public:
    explicit Envelope(size_t columns) : columns_(columns), start_(columns + 1) {}

    // nearest: rows of one row of the grid.
    void build(const int32_t* nearest, size_t row, const Grid& grid) {
        nearest_ = nearest;
        row_ = row;
        grid_ = grid;
        size_ = 0;
        for (size_t c = 0; c < grid.columns; ++c)
            if (nearest[c] >= 0) add(c);
        start_[size_] = std::numeric_limits<double>::infinity();
    }

    size_t size() const { return size_; }
    size_t column(size_t k) const { return columns_[k]; }
    size_t rows_to(size_t k) const {
        const auto row = static_cast<int32_t>(row_);
        return static_cast<size_t>(std::abs(row - nearest_[columns_[k]]));
    }

    // The parabola that is lowest at a column, sought from parabola k onwards.
    size_t lowest(size_t k, size_t at) const {
        const double x = static_cast<double>(at) * grid_.across;
        while (start_[k + 1] < x) ++k;
        return k;
    }

    double squared(size_t k, size_t at) const {
        const double aside = (static_cast<double>(at) - static_cast<double>(columns_[k])) * grid_.across;
        return height(k) + aside * aside;
    }

  private:
    double height(size_t k) const {
        const double mm = static_cast<double>(rows_to(k)) * grid_.down;
        return mm * mm;
    }

    // Where the parabola of the last column overtakes parabola k.
    double meeting(size_t k, size_t last) const {
        const double a = static_cast<double>(columns_[k]) * grid_.across;
        const double b = static_cast<double>(columns_[last]) * grid_.across;
        return ((height(last) + b * b) - (height(k) + a * a)) / (2.0 * (b - a));
    }

    void add(size_t column) {
        double from = -std::numeric_limits<double>::infinity();
        columns_[size_] = column;
        size_t below = size_;
        while (below > 0) {
            columns_[below] = column;
            from = meeting(below - 1, below);
            if (from >= start_[below - 1] - kSame * grid_.across) break;
            --below;
        }
        if (below == 0) from = -std::numeric_limits<double>::infinity();
        columns_[below] = column;
        start_[below] = from;
        size_ = below + 1;
    }

    const int32_t* nearest_ = nullptr;
    size_t row_ = 0, size_ = 0;
    Grid grid_{};
    std::vector<size_t> columns_;
    std::vector<double> start_;
};

// From a pixel's centre to the rectangle of a pixel that lies `rows` and `columns` away.
inline double to_rectangle(double rows, double columns, const Grid& grid) {
    const double down = std::max(rows - 0.5, 0.0) * grid.down, aside = std::max(columns - 0.5, 0.0) * grid.across;
    return std::sqrt(down * down + aside * aside);
}

// From a pixel's centre to the outline that passes before the nearest marked pixel.
inline double to_outline(double rows, double columns, bool corner, const Grid& grid) {
    if (corner || rows == 0.0 || columns == 0.0) return to_rectangle(rows, columns, grid);
    const double down = rows * grid.down, aside = columns * grid.across;
    const double length = std::sqrt(down * down + aside * aside);
    const double steep = down * grid.down, flat = aside * grid.across;
    return length - kBeyond * std::sqrt(steep * steep + flat * flat) / length;
}

class Row {
  public:
    Row(const uint8_t* marks, const int32_t* nearest, const Grid& grid, size_t row, const Envelope& envelope)
        : marks_(marks), nearest_(nearest + row * grid.columns), grid_(grid), envelope_(envelope) {}

    // The smallest over all marked pixels that are as near as the nearest.
    double outline(size_t k, size_t at) const {
        const double most = envelope_.squared(k, at) * (1.0 + 2.0 * kSame);
        double best = one(k, at);
        for (size_t i = k; i-- > 0 && envelope_.squared(i, at) <= most;) best = std::min(best, one(i, at));
        for (size_t i = k + 1; i < envelope_.size() && envelope_.squared(i, at) <= most; ++i)
            best = std::min(best, one(i, at));
        return best;
    }

  private:
    double one(size_t k, size_t at) const {
        const size_t column = envelope_.column(k), aside = column > at ? column - at : at - column;
        const bool corner = marks_[nearest_[column] * grid_.columns + column] == kCorner;
        return to_outline(static_cast<double>(envelope_.rows_to(k)), static_cast<double>(aside), corner, grid_);
    }

    const uint8_t* marks_;
    const int32_t* nearest_;
    const Grid& grid_;
    const Envelope& envelope_;
};

// out: (rows, columns), in millimetres, infinite where nothing is marked or where the nearest centre is further than
// `most`. marks: 1 marked, 2 corner; with `outline`, distances to the outline, else to the nearest centre.
// nearest: (rows, columns) scratch.
inline void measure(const uint8_t* marks, const Grid& grid, double most, bool outline, int32_t* nearest, double* out) {
    find_nearest_rows(marks, grid, nearest);
    Envelope envelope(grid.columns);
    const double limit = most * most;
    for (size_t r = 0; r < grid.rows; ++r) {
        double* to = out + r * grid.columns;
        envelope.build(nearest + r * grid.columns, r, grid);
        std::fill(to, to + grid.columns, std::numeric_limits<double>::infinity());
        if (envelope.size() == 0) continue;
        const Row row(marks, nearest, grid, r, envelope);
        size_t k = 0;
        for (size_t c = 0; c < grid.columns; ++c) {
            k = envelope.lowest(k, c);
            const double squared = envelope.squared(k, c);
            if (squared <= limit) to[c] = outline ? row.outline(k, c) : std::sqrt(squared);
        }
    }
}

}  // namespace perirad::distance
