// The LASSO path as a Python object that goes on from its last solution.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "lasso.hpp"
#include "wide.hpp"

namespace nb = nanobind;

using Matrix = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Vector = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using MatrixOut = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using VectorOut = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

using perirad::lasso::Path;

static void make(Path* self, Matrix columns, Vector y, Vector weights, Vector offset, Vector tolls, double alpha,
                 double tolerance, bool squared) {
    const size_t p = columns.shape(0), n = columns.shape(1);
    if (n == 0 || y.shape(0) != n || weights.shape(0) != n || offset.shape(0) != n || tolls.shape(0) != p)
        throw nb::value_error("LassoPath: arrays do not fit together");
    nb::gil_scoped_release release;
    new (self) Path(columns.data(), tolls.data(), p, {y.data(), weights.data(), offset.data(), n, squared},
                    {alpha, tolerance});
}

// The whole descent in one function, which is compiled twice.
PERIRAD_WIDE __attribute__((flatten)) static size_t descend(Path& path, const double* lambdas, size_t m,
                                                            bool stop_early, double* intercepts, double* coefficients,
                                                            double* deviance_ratio, double* kkt) {
    return path.fit(lambdas, m, stop_early, intercepts, coefficients, deviance_ratio, kkt);
}

static size_t fit(Path& self, Vector lambdas, bool stop_early, VectorOut intercepts, MatrixOut coefficients,
                  VectorOut deviance_ratio, VectorOut kkt) {
    const size_t m = lambdas.shape(0);
    if (intercepts.shape(0) != m || coefficients.shape(0) != m || coefficients.shape(1) != self.columns() ||
        deviance_ratio.shape(0) != m || kkt.shape(0) != m)
        throw nb::value_error("LassoPath.fit: arrays do not fit together");
    nb::gil_scoped_release release;
    return descend(self,lambdas.data(), m, stop_early, intercepts.data(), coefficients.data(), deviance_ratio.data(),
                   kkt.data());
}

void bind_lasso(nb::module_& m) {
    nb::class_<Path>(m, "LassoPath", "Elastic net along decreasing lambdas; a later call goes on from the last solution.")
        .def("__init__", &make, nb::arg("columns"), nb::arg("y"), nb::arg("weights"), nb::arg("offset"),
             nb::arg("tolls"), nb::arg("alpha"), nb::arg("tolerance"), nb::arg("squared"))
        .def("fit", &fit, nb::arg("lambdas"), nb::arg("stop_early"), nb::arg("intercepts").noconvert(),
             nb::arg("coefficients").noconvert(), nb::arg("deviance_ratio").noconvert(), nb::arg("kkt").noconvert(),
             "Fit at each lambda; fill one row per lambda, return how many.")
        .def("stopped", &Path::stopped, "Whether glmnet's rules have ended the path.");
}
