// The LASSO path as a Python function.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "lasso.hpp"

namespace nb = nanobind;

using Matrix = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Vector = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using MatrixOut = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using VectorOut = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

static size_t lasso_path(Matrix columns, Vector y, Vector weights, Vector offset, Vector tolls, Vector lambdas,
                         double alpha, double tolerance, bool stop_early, bool squared, VectorOut intercepts,
                         MatrixOut coefficients, VectorOut deviance_ratio, VectorOut kkt) {
    const size_t p = columns.shape(0), n = columns.shape(1), m = lambdas.shape(0);
    if (n == 0 || y.shape(0) != n || weights.shape(0) != n || offset.shape(0) != n || tolls.shape(0) != p ||
        intercepts.shape(0) != m || coefficients.shape(0) != m || coefficients.shape(1) != p ||
        deviance_ratio.shape(0) != m || kkt.shape(0) != m)
        throw nb::value_error("lasso_path: arrays do not fit together");
    nb::gil_scoped_release release;
    perirad::lasso::Path path(columns.data(), tolls.data(), p, {y.data(), weights.data(), offset.data(), n, squared},
                              {alpha, tolerance, stop_early});
    return path.fit(lambdas.data(), m, intercepts.data(), coefficients.data(), deviance_ratio.data(), kkt.data());
}

void bind_lasso(nb::module_& m) {
    m.def("lasso_path", &lasso_path, nb::arg("columns"), nb::arg("y"), nb::arg("weights"), nb::arg("offset"),
          nb::arg("tolls"), nb::arg("lambdas"), nb::arg("alpha"), nb::arg("tolerance"), nb::arg("stop_early"),
          nb::arg("squared"), nb::arg("intercepts").noconvert(), nb::arg("coefficients").noconvert(),
          nb::arg("deviance_ratio").noconvert(), nb::arg("kkt").noconvert(),
          "Fit the elastic net at each lambda (decreasing); fill one row per lambda, return how many.");
}
