// The loss that a LASSO lowers, its first two derivatives, and the model of no column.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "lanes.hpp"

namespace perirad::lasso {

using std::size_t;

struct Cases {
    const double* y;        // 0 or 1
    const double* weights;  // of mean 1
    const double* offset;   // added to the linear predictor
    size_t n;
    bool squared;           // (y - eta)^2 / 2 in place of log(1 + exp(eta)) - y eta
};

class Loss {
protected:
    explicit Loss(const Cases& c)
        : n_(c.n), ld_((c.n + lanes::kLanes - 1) / lanes::kLanes * lanes::kLanes), squared_(c.squared), y_(ld_, 0.0),
          cases_(c.weights, c.weights + c.n), eta_(ld_, 0.0), residual_(ld_, 0.0), weight_(ld_, 0.0) {
        std::copy(c.y, c.y + c.n, y_.begin());
        for (double weight : cases_) weighted_ |= weight != 1.0;
        fit_intercept(c.offset);
        null_loss_ = loss_;
    }

    // Residuals and weights at the current linear predictor; returns the mean loss.
    double evaluate() {
        if (squared_) return evaluate_squared();
        return weighted_ ? evaluate_weighted() : evaluate_plain();
    }

    size_t n_, ld_;  // cases, and cases padded to whole lanes
    bool squared_, weighted_ = false;
    std::vector<double> y_, cases_, eta_, residual_, weight_;
    double intercept_ = 0.0, loss_ = 0.0, null_loss_ = 0.0;

private:
    // The model of no column: its intercept is known but for an offset under the logistic loss.
    void fit_intercept(const double* offset) {
        double sum = 0.0;
        bool any = false;
        for (size_t i = 0; i < n_; ++i) {
            sum += cases_[i] * (squared_ ? y_[i] - offset[i] : y_[i]);
            any |= offset[i] != 0.0;
        }
        const double mean = sum / static_cast<double>(n_);
        intercept_ = squared_ ? mean : std::log(mean / (1.0 - mean));
        for (size_t i = 0; i < n_; ++i) eta_[i] = intercept_ + offset[i];
        loss_ = evaluate();
        if (any && !squared_) shift_intercept();
    }

    // Newton's steps, kept between the ends of an interval that holds the root of the (falling) slope.
    void shift_intercept() {
        double low = -HUGE_VAL, high = HUGE_VAL;
        for (int iteration = 0; iteration < 500; ++iteration) {
            double slope = 0.0, curvature = 0.0;
            for (size_t i = 0; i < n_; ++i) slope += residual_[i], curvature += weight_[i];
            if (std::fabs(slope) <= 1e-15 * static_cast<double>(n_)) return;
            (slope > 0.0 ? low : high) = intercept_;
            const bool open = std::isinf(low) || std::isinf(high);
            double next = intercept_ + slope / curvature;
            if (open) next = std::clamp(next, intercept_ - 2.0, intercept_ + 2.0);
            if (!open && !(next > low && next < high)) next = low + (high - low) / 2.0;
            if (next == intercept_) return;
            for (size_t i = 0; i < n_; ++i) eta_[i] += next - intercept_;
            intercept_ = next;
            loss_ = evaluate();
        }
    }

    double evaluate_squared() {
        double loss = 0.0;
        for (size_t i = 0; i < n_; ++i) {
            const double away = y_[i] - eta_[i];
            residual_[i] = cases_[i] * away;
            weight_[i] = cases_[i];
            loss += residual_[i] * away;
        }
        return 0.5 * loss / static_cast<double>(n_);
    }

    double evaluate_weighted() {
        double loss = 0.0;
        for (size_t i = 0; i < n_; ++i) {
            const double e = std::exp(-std::fabs(eta_[i]));
            const double larger = 1.0 / (1.0 + e), smaller = e * larger;
            const bool positive = eta_[i] >= 0.0, event = y_[i] > 0.5;
            residual_[i] = cases_[i] * (event ? (positive ? smaller : larger) : (positive ? -larger : -smaller));
            weight_[i] = cases_[i] * larger * smaller;
            loss += cases_[i] * ((positive == event ? 0.0 : std::fabs(eta_[i])) + std::log1p(e));
        }
        return loss / static_cast<double>(n_);
    }

    double evaluate_plain() {
        double loss = 0.0, product = 1.0;
        for (size_t i = 0; i < n_; ++i) {
            const double e = std::exp(-std::fabs(eta_[i]));
            const double larger = 1.0 / (1.0 + e), smaller = e * larger;
            const bool positive = eta_[i] >= 0.0;
            residual_[i] = y_[i] > 0.5 ? (positive ? smaller : larger) : (positive ? -larger : -smaller);
            weight_[i] = larger * smaller;
            const double disagreement = (positive == (y_[i] > 0.5)) ? 0.0 : std::fabs(eta_[i]);
            loss += disagreement;
            product *= 1.0 + e;  // at most 2 each: one logarithm serves 512 of them
            if (i % 512 == 511) loss += std::log(product), product = 1.0;
        }
        loss += std::log(product);
        return loss / static_cast<double>(n_);
    }
};

}  // namespace perirad::lasso
