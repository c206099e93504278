// Rank sums as a Python function.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "ranks.hpp"

namespace nb = nanobind;

using Values = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Order = nb::ndarray<const std::int64_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Group = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using RanksOut = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static bool within(const Order& order, size_t n) {
    for (size_t k = 0; k < order.size(); ++k)
        if (order.data()[k] < 0 || order.data()[k] >= static_cast<std::int64_t>(n)) return false;
    return true;
}

static void rank_sums(Values columns, Order order, Group first, Out sums, Out ties) {
    const size_t p = columns.shape(0), n = columns.shape(1);
    if (n == 0 || order.shape(0) != p || order.shape(1) != n || first.shape(0) != n || sums.shape(0) != p ||
        ties.shape(0) != p)
        throw nb::value_error("rank_sums: arrays do not fit together");
    if (!within(order, n)) throw nb::value_error("rank_sums: an order has a place outside its column");
    nb::gil_scoped_release release;
    for (size_t j = 0; j < p; ++j) {
        const auto found = perirad::ranks::rank_sum(columns.data() + j * n, order.data() + j * n, first.data(), n);
        sums.data()[j] = found.sum;
        ties.data()[j] = found.ties;
    }
}

static void average_ranks(Values columns, Order order, RanksOut ranks) {
    const size_t p = columns.shape(0), n = columns.shape(1);
    if (order.shape(0) != p || order.shape(1) != n || ranks.shape(0) != p || ranks.shape(1) != n)
        throw nb::value_error("average_ranks: arrays do not fit together");
    if (!within(order, n)) throw nb::value_error("average_ranks: an order has a place outside its column");
    nb::gil_scoped_release release;
    for (size_t j = 0; j < p; ++j)
        perirad::ranks::average_ranks(columns.data() + j * n, order.data() + j * n, n, ranks.data() + j * n);
}

void bind_ranks(nb::module_& m) {
    m.def("average_ranks", &average_ranks, nb::arg("columns"), nb::arg("order"), nb::arg("ranks").noconvert(),
          "Ranks within each row of columns, equal values sharing their mean rank; fills ranks.");
    m.def("rank_sums", &rank_sums, nb::arg("columns"), nb::arg("order"), nb::arg("first"), nb::arg("sums").noconvert(),
          nb::arg("ties").noconvert(), "Rank sum of the first group and its ties, a column per row; fills sums and ties.");
}
