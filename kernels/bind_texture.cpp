// Texture matrices (GLCM, GLRLM, GLSZM, GLDM, NGTDM) and outline as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "glcm.hpp"
#include "gldm.hpp"
#include "glrlm.hpp"
#include "glszm.hpp"
#include "ngtdm.hpp"
#include "shape2d.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Levels = Array<const std::uint16_t, 2>;
using Release = nb::call_guard<nb::gil_scoped_release>;

void bind_texture(nb::module_& m) {
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
        "number_zones",
        [](Levels levels, Array<std::int32_t, 2> labels, Array<std::int32_t, 1> parent, Array<std::int32_t, 1> size,
           Array<std::uint16_t, 1> level_of) {
            return perirad::number_zones(levels.data(), levels.shape(0), levels.shape(1), labels.data(), parent.data(),
                                         size.data(), level_of.data());
        },
        "levels"_a.noconvert(), "labels"_a.noconvert(), "parent"_a.noconvert(), "size"_a.noconvert(),
        "level_of"_a.noconvert(), Release());
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
