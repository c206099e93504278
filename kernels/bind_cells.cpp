// Sums over the cells of texture matrices as Python functions.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>

#include "cells.hpp"
#include "mcc.hpp"

namespace nb = nanobind;
using namespace nb::literals;

template <typename T, std::size_t N>
using Array = nb::ndarray<T, nb::ndim<N>, nb::c_contig, nb::device::cpu>;
using Index = Array<const std::int64_t, 1>;
using Count = Array<const double, 1>;
using Release = nb::call_guard<nb::gil_scoped_release>;

static perirad::cells::Cells cells_of(const Index& matrix, const Index& i, const Index& j, const Count& n) {
    return {matrix.data(), i.data(), j.data(), n.data(), n.shape(0)};
}

void bind_cells(nb::module_& m) {
    m.def(
        "sum_sizes",
        [](Index matrix, Index i, Index j, Count n, Array<double, 1> by_level, Array<double, 1> by_size,
           Array<double, 2> sums) {
            perirad::cells::sum_sizes(cells_of(matrix, i, j, n), by_level.data(), by_size.data(), sums.data());
        },
        "matrix"_a.noconvert(), "i"_a.noconvert(), "j"_a.noconvert(), "n"_a.noconvert(), "by_level"_a.noconvert(),
        "by_size"_a.noconvert(), "sums"_a.noconvert(), Release());
    m.def(
        "sum_pairs",
        [](Index matrix, Index i, Index j, Count n, Count levels, Array<double, 1> by_level,
           Array<double, 1> by_difference, Array<double, 1> by_sum, Array<double, 2> sums) {
            perirad::cells::sum_pairs(cells_of(matrix, i, j, n), levels.data(), by_level.data(), by_difference.data(),
                                      by_sum.data(), sums.data());
        },
        "matrix"_a.noconvert(), "i"_a.noconvert(), "j"_a.noconvert(), "n"_a.noconvert(), "levels"_a.noconvert(),
        "by_level"_a.noconvert(), "by_difference"_a.noconvert(), "by_sum"_a.noconvert(), "sums"_a.noconvert(),
        Release());
    m.def(
        "sum_tones",
        [](Index matrix, Index i, Index j, Count n, Array<double, 2> sums) {
            perirad::cells::sum_tones(cells_of(matrix, i, j, n), sums.data());
        },
        "matrix"_a.noconvert(), "i"_a.noconvert(), "j"_a.noconvert(), "n"_a.noconvert(), "sums"_a.noconvert(),
        Release());
    m.def(
        "second_eigenvalues",
        [](Index matrix, Index i, Index j, Count n, Array<std::int64_t, 1> place, Array<double, 1> values) {
            perirad::mcc::second_eigenvalues(cells_of(matrix, i, j, n), place.data(), values.data());
        },
        "matrix"_a.noconvert(), "i"_a.noconvert(), "j"_a.noconvert(), "n"_a.noconvert(), "place"_a.noconvert(),
        "values"_a.noconvert(), Release());
}
