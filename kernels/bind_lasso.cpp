// The logistic LASSO path as a Python function.
#include <nanobind/nanobind.h>

namespace nb = nanobind;

void bind_lasso(nb::module_&) {}
