// Texture matrices (GLCM, GLRLM, GLSZM, GLDM, NGTDM) and outline as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "firstorder.hpp"
#include "glcm.hpp"
#include "gldm.hpp"
#include "glrlm.hpp"
#include "glszm.hpp"
#include "levels.hpp"
#include "ngtdm.hpp"
#include "seams.hpp"
#include "shape2d.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Levels = Array<const std::uint16_t, 2>;
using Release = nb::call_guard<nb::gil_scoped_release>;

using Image16 = Levels;

perirad::Parted parted(const Image16& codes, const Image16& levels, const Image16& owners, std::size_t n_levels,
                       std::size_t n_regions) {
    return {codes.data(), levels.data(), owners.data(), static_cast<std::ptrdiff_t>(codes.shape(1)), n_levels,
            n_regions};
}

template <typename T>
void bind_levels(nb::module_& m) {
    m.def(
        "code_levels",
        [](Array<const T, 2> picture, Array<const std::uint8_t, 2> part, double width, std::int64_t base,
           Array<std::uint16_t, 2> levels, Array<std::uint16_t, 2> codes, Array<std::int64_t, 2> counts) {
            return perirad::code_levels(picture.data(), part.data(), picture.shape(0), picture.shape(1), width, base,
                                        static_cast<std::int64_t>(counts.shape(1)), levels.data(), codes.data(),
                                        counts.data());
        },
        "picture"_a.noconvert(), "part"_a.noconvert(), "width"_a, "base"_a, "levels"_a.noconvert(),
        "codes"_a.noconvert(), "counts"_a.noconvert(), Release());
}

void bind_seams(nb::module_& m) {
    bind_levels<double>(m);
    bind_levels<float>(m);
    m.def(
        "measure_regions",
        [](Array<const double, 1> values, Array<const std::int64_t, 1> ends, Array<const std::uint8_t, 2> members,
           Array<double, 1> below, Array<double, 2> out) {
            perirad::firstorder::measure_regions(values.data(), ends.data(), ends.shape(0), members.data(),
                                                 members.shape(0), below.data(), out.data());
        },
        "values"_a.noconvert(), "ends"_a.noconvert(), "members"_a.noconvert(), "below"_a.noconvert(),
        "out"_a.noconvert(), Release());
    m.def(
        "move_neighbours",
        [](Image16 codes, Image16 levels, Image16 owners, Array<const std::int64_t, 1> seams,
           Array<std::uint32_t, 2> dependents, Array<std::int64_t, 2> differences,
           Array<std::uint32_t, 3> of_regions_dependents, Array<std::int64_t, 3> of_regions_differences) {
            const std::size_t n_levels = of_regions_dependents.shape(1) - 1;
            perirad::move_neighbours(parted(codes, levels, owners, n_levels, of_regions_dependents.shape(0)),
                                     seams.data(), seams.shape(0), dependents.data(), differences.data(),
                                     of_regions_dependents.data(), of_regions_differences.data());
        },
        "codes"_a.noconvert(), "levels"_a.noconvert(), "owners"_a.noconvert(), "seams"_a.noconvert(),
        "dependents"_a.noconvert(), "differences"_a.noconvert(), "of_regions_dependents"_a.noconvert(),
        "of_regions_differences"_a.noconvert(), Release());
    m.def(
        "join_runs",
        [](Image16 codes, Image16 levels, Image16 owners, Array<const std::int64_t, 1> links, std::ptrdiff_t step,
           std::size_t direction, Array<std::int32_t, 4> runs) {
            const std::size_t n_levels = runs.shape(2) - 1, plane = runs.shape(2) * runs.shape(3);
            return perirad::join_runs(parted(codes, levels, owners, n_levels, runs.shape(0)), links.data(),
                                      links.shape(0), step, runs.shape(3) - 1, runs.shape(1) * plane,
                                      runs.data() + direction * plane);
        },
        "codes"_a.noconvert(), "levels"_a.noconvert(), "owners"_a.noconvert(), "links"_a.noconvert(), "step"_a,
        "direction"_a, "runs"_a.noconvert(), Release());
    m.def(
        "join_zones",
        [](Image16 codes, Image16 levels, Image16 owners, Array<const std::int64_t, 2> links, std::size_t n_regions,
           Array<const std::int32_t, 2> labels, Array<std::int32_t, 1> parent, Array<const std::int32_t, 1> size,
           Array<std::int32_t, 2> edges, Array<std::int32_t, 1> joined, Array<std::int64_t, 1> total,
           Array<std::int32_t, 1> stamp,
           Array<std::int64_t, 2> changes) {
            return perirad::join_zones(parted(codes, levels, owners, 0, n_regions), links.data(), links.shape(0),
                                       labels.data(), parent.data(), size.data(), edges.data(), joined.data(),
                                       total.data(), stamp.data(), changes.data());
        },
        "codes"_a.noconvert(), "levels"_a.noconvert(), "owners"_a.noconvert(), "links"_a.noconvert(), "n_regions"_a,
        "labels"_a.noconvert(), "parent"_a.noconvert(), "size"_a.noconvert(), "edges"_a.noconvert(),
        "joined"_a.noconvert(),
        "total"_a.noconvert(), "stamp"_a.noconvert(), "changes"_a.noconvert(), Release());
}

void bind_texture(nb::module_& m) {
    bind_seams(m);
    m.def(
        "count_pairs",
        [](Levels levels, Array<std::uint32_t, 3> pairs) {
            perirad::count_pairs(levels.data(), levels.shape(0), levels.shape(1), pairs.shape(1) - 1, pairs.data());
        },
        "levels"_a.noconvert(), "pairs"_a.noconvert(), Release());
    m.def(
        "count_runs",
        [](Levels levels, Array<const std::int64_t, 1> first, Array<std::int32_t, 2> previous,
           Array<std::uint32_t, 2> at_least) {
            perirad::count_runs(levels.data(), levels.shape(0), levels.shape(1), first.data(), previous.data(),
                                at_least.shape(1), at_least.data());
        },
        "levels"_a.noconvert(), "first"_a.noconvert(), "previous"_a.noconvert(), "at_least"_a.noconvert(), Release());
    m.def(
        "count_run_ends",
        [](Levels levels, Array<const std::int64_t, 1> first, Array<std::uint16_t, 2> lengths,
           Array<std::uint8_t, 1> flags, Array<std::uint32_t, 2> runs) {
            perirad::count_run_ends(levels.data(), levels.shape(0), levels.shape(1), first.data(), lengths.data(),
                                    flags.data(), runs.shape(1), runs.data());
        },
        "levels"_a.noconvert(), "first"_a.noconvert(), "lengths"_a.noconvert(), "flags"_a.noconvert(),
        "runs"_a.noconvert(), Release());
    m.def(
        "count_zones",
        [](Levels levels, Array<const std::int64_t, 1> first, Array<std::int32_t, 2> labels,
           Array<std::int32_t, 1> parent, Array<std::int32_t, 1> size, Array<std::uint16_t, 1> level_of,
           Array<std::uint32_t, 1> zones) {
            perirad::count_zones(levels.data(), levels.shape(0), levels.shape(1), first.data(), labels.data(),
                                 labels.shape(0), parent.data(), size.data(), level_of.data(), zones.data());
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
