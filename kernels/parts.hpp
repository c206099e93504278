// The disjoint parts that overlapping regions fall into, found once for all filtered images of a case.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace perirad {

using std::size_t;

constexpr size_t kMostRegions = 16;
constexpr size_t kDirections = 4;

// Pixels of one part side by side in a row; row and column in the picture with its border.
struct Segment {
    std::int32_t row, column, length, part;
};

// A pixel and the next one in a direction, which is in another part.
struct Crossing {
    std::int32_t place, direction;
};

// A pixel with neighbours in other parts. Bit k of `inside` is set where its k-th neighbour, row by row, belongs to
// `regions`; these hold the pixel, but not all of its neighbours that lie in some region.
struct Seam {
    std::int32_t place, inside, regions;
};

// A pixel of a part of whose neighbours only `known` lie in some region.
struct Edge {
    std::int32_t place, part, known;
};

// Sides include a border of one pixel, top and left are those of the pixels within it in a picture of picture_columns.
// owners: (rows, columns), bit r is set where region r holds the pixel. members:
// (n_regions, n_parts). starts: (n_parts + 1), where each part begins when the pixels of all are put one after the
// other. lines: (n_regions, 4), whether some line in a direction holds two pixels of the region; else it has no runs.
struct Parts {
    size_t rows = 0, columns = 0, n_parts = 0, n_regions = 0;
    size_t top = 0, left = 0, picture_columns = 0;
    std::vector<std::uint16_t> owners;
    std::vector<Segment> segments;
    std::vector<Crossing> crossings;
    std::vector<Seam> seams;
    std::vector<Edge> edges;
    std::vector<std::uint8_t> members, lines;
    std::vector<std::int64_t> starts;

    std::ptrdiff_t step(size_t direction) const {
        const std::ptrdiff_t w = static_cast<std::ptrdiff_t>(columns);
        const std::ptrdiff_t steps[kDirections] = {1, w, w + 1, w - 1};
        return steps[direction];
    }

    size_t n_pixels() const { return static_cast<size_t>(starts[n_parts]); }
    size_t size_of(size_t part) const { return static_cast<size_t>(starts[part + 1] - starts[part]); }
    bool holds(size_t region, size_t part) const { return members[region * n_parts + part] != 0; }
};

// Calls `tell(begin, end)` with the segments of each row that has some.
template <typename Tell>
void for_rows(const Parts& parts, const Tell& tell) {
    const Segment* const last = parts.segments.data() + parts.segments.size();
    for (const Segment *begin = parts.segments.data(), *end = begin; begin != last; begin = end) {
        while (end != last && end->row == begin->row) ++end;
        tell(begin, end);
    }
}

// Columns from the first to the last pixel of a row's segments.
inline std::ptrdiff_t width_of(const Segment* begin, const Segment* end) {
    return end[-1].column + end[-1].length - begin->column;
}

}  // namespace perirad
