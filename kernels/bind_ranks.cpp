// Rank sums as a Python function.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "ranks.hpp"

namespace nb = nanobind;

using Values = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Order = nb::ndarray<const std::int64_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Group = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static void rank_sums(Values columns, Order order, Group first, Out sums, Out ties) {
    const size_t p = columns.shape(0), n = columns.shape(1);
    if (n == 0 || order.shape(0) != p || order.shape(1) != n || first.shape(0) != n || sums.shape(0) != p ||
        ties.shape(0) != p)
        throw nb::value_error("rank_sums: arrays do not fit together");
    for (size_t k = 0; k < p * n; ++k)
        if (order.data()[k] < 0 || order.data()[k] >= static_cast<std::int64_t>(n))
            throw nb::value_error("rank_sums: an order has a place outside its column");
    nb::gil_scoped_release release;
    for (size_t j = 0; j < p; ++j) {
        const auto found = perirad::ranks::rank_sum(columns.data() + j * n, order.data() + j * n, first.data(), n);
        sums.data()[j] = found.sum;
        ties.data()[j] = found.ties;
    }
}

void bind_ranks(nb::module_& m) {
    m.def("rank_sums", &rank_sums, nb::arg("columns"), nb::arg("order"), nb::arg("first"), nb::arg("sums").noconvert(),
          nb::arg("ties").noconvert(), "Rank sum of the first group and its ties, a column per row; fills sums and ties.");
}
