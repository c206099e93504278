// Texture matrices (GLCM, GLRLM, GLSZM, GLDM, NGTDM) and outline as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "glcm.hpp"
#include "gldm.hpp"
#include "glrlm.hpp"
#include "glszm.hpp"
#include "ngtdm.hpp"
#include "shape2d.hpp"
#include "together.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Levels = Array<const std::uint16_t, 2>;
using Release = nb::call_guard<nb::gil_scoped_release>;

// Hands an array over to Python.
template <typename T>
nb::ndarray<nb::numpy, T> owned(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
    auto* kept = new std::vector<T>(std::move(values));
    const nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return {kept->data(), shape, owner};
}

// Hands records of 32-bit numbers over as rows of an array.
template <typename Record>
auto rows_of(const std::vector<Record>& records) {
    static_assert(sizeof(Record) % sizeof(std::int32_t) == 0);
    constexpr std::size_t n_fields = sizeof(Record) / sizeof(std::int32_t);
    std::vector<std::int32_t> rows(records.size() * n_fields);
    if (!records.empty()) std::memcpy(rows.data(), records.data(), records.size() * sizeof(Record));
    return owned(std::move(rows), {records.size(), n_fields});
}

auto cells_of(perirad::CellList& cells) {
    const std::size_t n = cells.n.size();
    return nb::make_tuple(owned(std::move(cells.matrix), {n}), owned(std::move(cells.i), {n}),
                          owned(std::move(cells.j), {n}), owned(std::move(cells.n), {n}));
}

using Rows = Array<const std::int32_t, 2>;

template <typename T>
nb::object count_together(Array<const T, 2> picture, double width, Array<const std::uint16_t, 2> owners,
                          Array<const std::uint8_t, 2> known, Rows segments, Rows crossings, Rows seams,
                          Array<const std::uint8_t, 2> members, Array<const std::uint8_t, 2> lines,
                          Array<const std::int64_t, 1> starts) {
    const perirad::Parts parts{owners.shape(0),
                               owners.shape(1),
                               members.shape(1),
                               members.shape(0),
                               owners.data(),
                               known.data(),
                               reinterpret_cast<const perirad::Segment*>(segments.data()),
                               segments.shape(0),
                               reinterpret_cast<const perirad::Crossing*>(crossings.data()),
                               crossings.shape(0),
                               reinterpret_cast<const perirad::Seam*>(seams.data()),
                               seams.shape(0),
                               members.data(),
                               lines.data()};
    perirad::Coded coded;
    perirad::Counts counts;
    {
        const nb::gil_scoped_release release;
        if (perirad::code_picture(parts, picture.data(), starts.data(), width, coded)) {
            counts = perirad::count_together(parts, coded, starts.data());
        }
    }
    if (coded.levels.empty()) return nb::none();
    const std::size_t n = parts.n_regions, side = coded.n_levels + 1;
    return nb::make_tuple(owned(std::move(coded.first), {n}), owned(std::move(coded.of_regions), {n, side}),
                          owned(std::move(counts.statistics), {n, perirad::firstorder::kStatistics}),
                          owned(std::move(counts.differences), {n, side, std::size_t{9}}), cells_of(counts.pairs),
                          cells_of(counts.runs), cells_of(counts.zones), cells_of(counts.dependences));
}

void bind_together(nb::module_& m) {
    m.def(
        "find_parts",
        [](Array<const std::uint8_t, 3> masks, Array<std::uint16_t, 2> owners, Array<std::uint8_t, 2> known) {
            const std::size_t rows = owners.shape(0), columns = owners.shape(1);
            perirad::FoundParts found;
            {
                const nb::gil_scoped_release release;
                found = perirad::find_parts(masks.data(), masks.shape(0), rows, columns, owners.data(), known.data());
            }
            const std::size_t n_kinds = found.kinds.size();
            return nb::make_tuple(owned(std::move(found.kinds), {n_kinds}), rows_of(found.segments),
                                  rows_of(found.crossings), rows_of(found.seams));
        },
        "masks"_a.noconvert(), "owners"_a.noconvert(), "known"_a.noconvert());
    const auto count = [&](auto function) {
        m.def("count_together", function, "picture"_a.noconvert(), "width"_a, "owners"_a.noconvert(),
              "known"_a.noconvert(), "segments"_a.noconvert(), "crossings"_a.noconvert(), "seams"_a.noconvert(),
              "members"_a.noconvert(), "lines"_a.noconvert(), "starts"_a.noconvert());
    };
    count(count_together<double>);
    count(count_together<float>);
}

void bind_texture(nb::module_& m) {
    bind_together(m);
    m.def(
        "count_pairs",
        [](Levels levels, Array<std::uint32_t, 3> pairs) {
            perirad::count_pairs(levels.data(), levels.shape(0), levels.shape(1), pairs.shape(1) - 1, pairs.data());
        },
        "levels"_a.noconvert(), "pairs"_a.noconvert(), Release());
    m.def(
        "count_runs",
        [](Levels levels, Array<const std::int64_t, 1> first, Array<std::uint32_t, 2> runs) {
            perirad::count_runs(levels.data(), levels.shape(0), levels.shape(1), first.data(), first.shape(0) - 1,
                                runs.shape(1), runs.data());
        },
        "levels"_a.noconvert(), "first"_a.noconvert(), "runs"_a.noconvert(), Release());
    m.def(
        "count_zones",
        [](Levels levels, Array<const std::int64_t, 1> first, Array<std::int32_t, 2> labels,
           Array<std::int32_t, 1> parent, Array<std::int32_t, 1> size, Array<std::uint16_t, 1> level_of,
           Array<std::uint32_t, 1> zones) {
            perirad::count_zones(levels.data(), levels.shape(0), levels.shape(1), first.data(), labels.data(),
                                 parent.data(), size.data(), level_of.data(), zones.data());
        },
        "levels"_a.noconvert(), "first"_a.noconvert(), "labels"_a.noconvert(), "parent"_a.noconvert(),
        "size"_a.noconvert(), "level_of"_a.noconvert(), "zones"_a.noconvert(), Release());
    m.def(
        "count_dependents",
        [](Levels levels, Array<std::uint16_t, 1> row_buffer, Array<std::uint32_t, 2> dependents) {
            perirad::count_dependents(levels.data(), levels.shape(0), levels.shape(1), row_buffer.data(),
                                      dependents.data());
        },
        "levels"_a.noconvert(), "row_buffer"_a.noconvert(), "dependents"_a.noconvert(), Release());
    m.def(
        "sum_differences",
        [](Levels levels, Array<std::uint32_t, 1> sums, Array<std::uint16_t, 1> neighbours,
           Array<std::int64_t, 2> differences) {
            perirad::sum_differences(levels.data(), levels.shape(0), levels.shape(1), sums.data(), neighbours.data(),
                                     differences.data());
        },
        "levels"_a.noconvert(), "sums"_a.noconvert(), "neighbours"_a.noconvert(), "differences"_a.noconvert(),
        Release());
    m.def(
        "trace_outline",
        [](Array<const std::uint8_t, 2> mask, Array<std::int64_t, 1> squares, Array<std::int64_t, 1> sums,
           Array<std::int64_t, 2> extents) {
            perirad::trace_outline(mask.data(), mask.shape(0), mask.shape(1), squares.data(), sums.data(),
                                   extents.data());
        },
        "mask"_a.noconvert(), "squares"_a.noconvert(), "sums"_a.noconvert(), "extents"_a.noconvert(), Release());
    m.def(
        "widest_squared",
        [](Array<const std::int64_t, 2> extents, double half_row, double half_column, Array<std::int64_t, 2> left,
           Array<std::int64_t, 2> right) {
            return perirad::widest_squared(extents.data(), extents.shape(0), half_row, half_column, left.data(),
                                           right.data());
        },
        "extents"_a.noconvert(), "half_row"_a, "half_column"_a, "left"_a.noconvert(), "right"_a.noconvert(),
        Release());
}
