// LASSO and elastic net, logistic or of squared loss, along a decreasing sequence of penalties.
//
// Minimises  1/n sum_i w_i loss(y_i, eta_i) + lambda sum_j v_j (alpha |b_j| + (1 - alpha)/2 b_j^2),
// eta = offset + b_0 + Z b, by coordinate descent on the quadratic (IRLS) approximation, Friedman, Hastie, Tibshirani
// 2010 (doi:10.18637/jss.v033.i01), with the sequential strong rules of Tibshirani et al. 2012
// (doi:10.1111/j.1467-9868.2011.01004.x). The curvature of the approximation is kept for as long as it still shrinks
// the residual of the optimality (KKT) conditions quickly; that residual, of the exact problem, decides the end.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "lanes.hpp"
#include "lasso_loss.hpp"

namespace perirad::lasso {

using std::size_t;
using namespace perirad::lanes;

inline double soft(double z, double threshold) {
    return z > threshold ? z - threshold : z < -threshold ? z + threshold : 0.0;
}

struct Settings {
    double alpha;
    double tolerance;  // largest KKT residual accepted
};

class Path : private Loss {
public:
    // z: p columns of n values each; tolls: what each column's coefficient pays of the penalty, 0 for nothing.
    Path(const double* z, const double* tolls, size_t p, const Cases& cases, Settings settings)
        : Loss(cases), p_(p), s_(settings), z_(ld_ * p, 0.0), step_(ld_, 0.0), beta_(p, 0.0), gradient_(p, 0.0),
          tolls_(tolls, tolls + p), varies_(p, 0), strong_(p, 0), slot_(p, -1) {
        const size_t n = n_;
        for (size_t j = 0; j < p; ++j) {
            const double* from = z + j * n;
            std::copy(from, from + n, z_.begin() + static_cast<std::ptrdiff_t>(j * ld_));
            for (size_t i = 1; i < n; ++i) varies_[j] |= from[i] != from[0];
        }
        for (size_t j = 0; j < p; ++j) gradient_[j] = varies_[j] ? column_gradient(j) : 0.0;
        columns_.reserve(p);
        grow(std::min<size_t>(p, 64));
    }

    size_t columns() const { return p_; }
    bool stopped() const { return stopped_; }  // early, by glmnet's rules

    double lambda_max() const {
        double largest = 0.0;
        for (size_t j = 0; j < p_; ++j)
            if (tolls_[j] > 0.0) largest = std::max(largest, std::fabs(gradient_[j]) / tolls_[j]);
        return largest / std::max(s_.alpha, 1e-3);
    }

    // Fills one row per lambda and returns how many were fitted; `kkt` tells how well. A later call goes on from the
    // last solution. `stop_early`: glmnet's rules, a deviance ratio beyond 0.999 or no longer growing by 1e-5.
    size_t fit(const double* lambdas, size_t m, bool stop_early, double* intercepts, double* coefficients,
               double* deviance_ratio, double* kkt) {
        if (m && !fitted_) previous_ = std::max(lambda_max(), lambdas[0]);
        for (size_t k = 0; k < m; ++k) {
            kkt[k] = solve(lambdas[k], previous_);
            previous_ = lambdas[k];
            intercepts[k] = intercept_;
            std::copy(beta_.begin(), beta_.end(), coefficients + k * p_);
            deviance_ratio[k] = 1.0 - loss_ / null_loss_;
            const double grown = deviance_ratio[k] - last_ratio_;
            last_ratio_ = deviance_ratio[k];
            if (++fitted_ < 5 || !stop_early) continue;
            const double least = squared_ ? 1e-5 * deviance_ratio[k] : 1e-5;
            stopped_ = deviance_ratio[k] > 0.999 || grown < least;
            if (stopped_) return k + 1;
        }
        return m;
    }

private:
    static constexpr int kMaxSteps = 500;
    static constexpr int kMaxRounds = 1000;
    static constexpr int kMaxIdle = 20;

    const double* column(size_t j) const { return z_.data() + j * ld_; }
    double column_gradient(size_t j) const { return dot(column(j), residual_.data(), ld_) / static_cast<double>(n_); }

    void gradients(const size_t* four, size_t count) {
        if (count == 0) return;
        const double* columns[4];
        double products[4];
        for (size_t q = 0; q < 4; ++q) columns[q] = column(four[std::min(q, count - 1)]);
        dot4(residual_.data(), columns, ld_, products);
        for (size_t q = 0; q < count; ++q) gradient_[four[q]] = products[q] / static_cast<double>(n_);
    }

    double penalty(double lambda) const {
        double l1 = 0.0, l2 = 0.0;
        for (size_t j : columns_) l1 += tolls_[j] * std::fabs(beta_[j]), l2 += tolls_[j] * beta_[j] * beta_[j];
        return lambda * (s_.alpha * l1 + 0.5 * (1.0 - s_.alpha) * l2);
    }

    bool pulled(size_t j, double lambda) const { return std::fabs(gradient_[j]) > lambda * tolls_[j] * s_.alpha; }

    double violation(size_t j, double lambda) const {
        const double own = lambda * tolls_[j];
        const double g = gradient_[j] - own * (1.0 - s_.alpha) * beta_[j];
        const double t = own * s_.alpha;
        if (beta_[j] > 0.0) return std::fabs(g - t);
        if (beta_[j] < 0.0) return std::fabs(g + t);
        return std::max(0.0, std::fabs(g) - t);
    }

    double solve(double lambda, double previous) {
        const double strong = s_.alpha * (2.0 * lambda - previous);
        for (size_t j = 0; j < p_; ++j)
            strong_[j] = varies_[j] && (beta_[j] != 0.0 || std::fabs(gradient_[j]) >= strong * tolls_[j]);
        bool stale = weights_at_.empty();
        double last = HUGE_VAL, worst = HUGE_VAL, best = HUGE_VAL;
        int idle = 0;
        for (int iteration = 0; iteration < kMaxSteps; ++iteration) {
            worst = optimality(lambda);
            if (worst <= s_.tolerance) {
                if (!discarded_violate(lambda)) return worst;
                best = HUGE_VAL;
                continue;
            }
            // Columns the same to the last digits may hold the residual just above the tolerance for ever.
            if (worst < 0.9 * best) best = worst, idle = 0;
            else if (++idle > kMaxIdle) return worst;
            // A kept curvature that no longer gains a factor of five per step is dearer than a new one; that of squared
            // loss is the same everywhere.
            stale = stale || (!squared_ && worst > 0.2 * last);
            last = worst;
            if (stale) forget();
            for (size_t j = 0; j < p_; ++j)
                if (strong_[j] && slot_[j] < 0 && (beta_[j] != 0.0 || pulled(j, lambda))) add(j);
            fill_curvature();
            descend(lambda, std::max(0.02 * worst, 0.2 * s_.tolerance));
            if (!advance(lambda)) {
                if (stale || squared_) return optimality(lambda);
                last = 0.0;
            }
            stale = false;
        }
        return worst;
    }

    double optimality(double lambda) {
        double sum = 0.0;
        for (size_t i = 0; i < n_; ++i) sum += residual_[i];
        intercept_gradient_ = sum / static_cast<double>(n_);
        double worst = std::fabs(intercept_gradient_);
        size_t four[4], count = 0;
        for (size_t j = 0; j < p_; ++j) {
            if (!strong_[j]) continue;
            four[count++] = j;
            if (count == 4) gradients(four, count), count = 0;
        }
        gradients(four, count);
        for (size_t j = 0; j < p_; ++j)
            if (strong_[j]) worst = std::max(worst, violation(j, lambda));
        return worst;
    }

    // The strong rules may err: look at what they discarded, and take the violators in.
    bool discarded_violate(double lambda) {
        bool any = false;
        for (size_t j = 0; j < p_; ++j) {
            if (strong_[j] || !varies_[j]) continue;
            gradient_[j] = column_gradient(j);
            if (violation(j, lambda) > s_.tolerance) strong_[j] = any = true;
        }
        return any;
    }

    void grow(size_t capacity) {
        capacity_ = (capacity + kLanes - 1) / kLanes * kLanes;
        curvature_.assign(capacity_ * capacity_, 0.0);
        weighted_.resize(capacity_ * ld_);
        mean_.resize(capacity_), pull_.resize(capacity_), trial_.resize(capacity_), start_.resize(capacity_);
        factor_.resize(capacity_ * capacity_);
        solution_.assign(capacity_, 0.0), inverse_root_.resize(capacity_), in_factor_.resize(capacity_);
        factored_.reserve(capacity_);
        factored_.clear();
        filled_ = 0;
    }

    void forget() {
        for (size_t j : columns_) slot_[j] = -1;
        columns_.clear();
        factored_.clear();
        filled_ = 0;
        weights_at_.resize(ld_, 0.0);
        double sum = 0.0;
        for (size_t i = 0; i < n_; ++i) {
            weights_at_[i] = weight_[i] / static_cast<double>(n_);
            sum += weights_at_[i];
        }
        inverse_weight_sum_ = 1.0 / std::max(sum, 1e-12);
    }

    void add(size_t j) {
        if (columns_.size() == capacity_) grow(std::min(p_ + kLanes, 2 * capacity_));
        slot_[j] = static_cast<int>(columns_.size());
        columns_.push_back(j);
    }

    // Second derivatives between the working columns, with the intercept eliminated.
    void fill_curvature() {
        const size_t k = columns_.size();
        for (size_t a = filled_; a < k; ++a) weigh(a);
        for (size_t a = filled_; a < k; a += 2) {
            const size_t second = std::min(a + 1, k - 1);
            const double *xa = weighted_.data() + a * ld_, *xs = weighted_.data() + second * ld_;
            for (size_t b = 0; b <= second; b += 4) {
                const double* other[4];
                double products[8];
                for (size_t q = 0; q < 4; ++q) other[q] = column(columns_[std::min(b + q, second)]);
                dot2x4(xa, xs, other, ld_, products);
                for (size_t q = 0; q < 4 && b + q <= second; ++q) {
                    if (b + q <= a) set_curvature(a, b + q, products[q]);
                    set_curvature(second, b + q, products[4 + q]);
                }
            }
        }
        filled_ = k;
    }

    void weigh(size_t a) {
        double* xw = weighted_.data() + a * ld_;
        const double* x = column(columns_[a]);
        double sum = 0.0;
        for (size_t i = 0; i < ld_; ++i) {
            xw[i] = weights_at_[i] * x[i];
            sum += xw[i];
        }
        mean_[a] = sum;
    }

    void set_curvature(size_t a, size_t b, double product) {
        const double h = product - mean_[a] * (mean_[b] * inverse_weight_sum_);
        curvature_[a * capacity_ + b] = curvature_[b * capacity_ + a] = h;
    }

    // Minimises the quadratic approximation; `trial_` holds the coefficients of the working columns. A sweep of
    // coordinate descent finds out who takes part and with which sign, a direct solution ends what it would creep to.
    void descend(double lambda, double accuracy) {
        const size_t k = columns_.size();
        const double centre = intercept_gradient_ * inverse_weight_sum_;
        for (size_t a = 0; a < k; ++a) {
            trial_[a] = start_[a] = beta_[columns_[a]];
            pull_[a] = gradient_[columns_[a]] - mean_[a] * centre;
        }
        jump(lambda);
        double best = HUGE_VAL;
        int idle = 0;
        for (int round = 0; round < kMaxRounds; ++round) {
            const double moved = sweep(lambda);
            if (moved <= accuracy) return;
            if (moved < 0.9 * best) best = moved, idle = 0;
            else if (++idle > 5 * kMaxIdle) return;
            jump(lambda);
        }
    }

    // Solves for the coefficients that are not zero, their signs given; goes as far as the first change of sign.
    void jump(double lambda) {
        const double l1 = lambda * s_.alpha, l2 = lambda * (1.0 - s_.alpha);
        if (!factor(l2)) return;
        const size_t k = factored_.size();
        for (size_t i = 0; i < k; ++i) {
            const size_t a = factored_[i];
            const double toll = tolls_[columns_[a]];
            solution_[i] = pull_[a] - toll * (trial_[a] > 0.0 ? l1 : -l1) - toll * l2 * trial_[a];
            solution_[i] = (solution_[i] - dot(row(i), solution_.data(), padded(i))) * inverse_root_[i];
        }
        for (size_t i = k; i-- > 0;) {
            solution_[i] *= inverse_root_[i];
            add_scaled(solution_.data(), -solution_[i], row(i), i);
        }
        double length = 1.0;
        size_t crossing = k;
        for (size_t i = 0; i < k; ++i) {
            const double from = trial_[factored_[i]];
            if (l1 * tolls_[columns_[factored_[i]]] == 0.0) continue;  // no kink to stop at
            if ((from + length * solution_[i]) * from < 0.0) length = -from / solution_[i], crossing = i;
        }
        Sum pull(pull_.data(), columns_.size());
        for (size_t i = 0; i < k; ++i) {
            const size_t a = factored_[i];
            const double change = i == crossing ? -trial_[a] : length * solution_[i];
            trial_[a] = i == crossing ? 0.0 : trial_[a] + change;
            pull.add(-change, curvature_.data() + a * capacity_);
        }
        pull.finish();
    }

    // Cholesky factor of the curvature between the coefficients that are not zero; rows that still hold are kept.
    bool factor(double l2) {
        if (l2 != factored_l2_) factored_.clear();
        factored_l2_ = l2;
        size_t kept = 0;
        while (kept < factored_.size() && trial_[factored_[kept]] != 0.0) ++kept;
        factored_.resize(kept);
        std::fill(in_factor_.begin(), in_factor_.end(), 0);
        for (size_t a : factored_) in_factor_[a] = 1;
        for (size_t a = 0; a < columns_.size(); ++a) {
            if (trial_[a] == 0.0 || in_factor_[a]) continue;
            append_row(a, l2);  // one that depends on the others is left to the sweeps
        }
        return !factored_.empty();
    }

    bool append_row(size_t a, double l2) {
        const size_t i = factored_.size();
        const double* h = curvature_.data() + a * capacity_;
        double* l = factor_.data() + i * capacity_;
        std::fill(l, l + capacity_, 0.0);
        for (size_t j = 0; j < i; ++j) l[j] = (h[factored_[j]] - dot(l, row(j), padded(j))) * inverse_root_[j];
        const double diagonal = h[a] + l2 * tolls_[columns_[a]];
        const double pivot = diagonal - dot(l, l, padded(i));
        if (!(pivot > 1e-11 * diagonal)) return false;
        inverse_root_[i] = 1.0 / std::sqrt(pivot);
        factored_.push_back(a);
        return true;
    }

    const double* row(size_t i) const { return factor_.data() + i * capacity_; }
    static size_t padded(size_t i) { return (i + kLanes - 1) / kLanes * kLanes; }

    double sweep(double lambda) {
        const size_t k = columns_.size();
        const double l1 = lambda * s_.alpha, l2 = lambda * (1.0 - s_.alpha);
        double moved = 0.0;
        for (size_t a = 0; a < k; ++a) {
            const double* h = curvature_.data() + a * capacity_;
            const double toll = tolls_[columns_[a]], diagonal = std::max(h[a], 1e-12), whole = diagonal + toll * l2;
            const double value = soft(pull_[a] + diagonal * trial_[a], toll * l1) / whole;
            const double change = value - trial_[a];
            if (change == 0.0) continue;
            trial_[a] = value;
            moved = std::max(moved, std::fabs(change) * whole);
            add_scaled(pull_.data(), -change, h, k);
        }
        return moved;
    }

    // Moves to the trial coefficients, halving the step as long as the objective would rise.
    bool advance(double lambda) {
        const size_t k = columns_.size();
        double shift = intercept_gradient_ * inverse_weight_sum_;
        std::fill(step_.begin(), step_.end(), 0.0);
        Sum step(step_.data(), ld_);
        for (size_t a = 0; a < k; ++a) {
            const double change = trial_[a] - start_[a];
            if (change == 0.0) continue;
            shift -= mean_[a] * change * inverse_weight_sum_;
            step.add(change, column(columns_[a]));
        }
        step.finish();
        for (size_t i = 0; i < n_; ++i) step_[i] += shift;
        const double before = loss_ + penalty(lambda);
        const double slack = 1e-14 * std::max(1.0, std::fabs(before));
        double taken = 0.0;
        for (double length = 1.0; length > 1e-9; length *= 0.5) {
            for (size_t i = 0; i < n_; ++i) eta_[i] += (length - taken) * step_[i];
            taken = length;
            for (size_t a = 0; a < k; ++a)
                beta_[columns_[a]] = length == 1.0 ? trial_[a] : start_[a] + length * (trial_[a] - start_[a]);
            loss_ = evaluate();
            if (loss_ + penalty(lambda) <= before + slack) {
                intercept_ += length * shift;
                return true;
            }
        }
        for (size_t i = 0; i < n_; ++i) eta_[i] -= taken * step_[i];
        for (size_t a = 0; a < k; ++a) beta_[columns_[a]] = start_[a];
        loss_ = evaluate();
        return false;
    }

    size_t p_, capacity_ = 0, filled_ = 0;
    Settings s_;
    std::vector<double> z_, step_, beta_, gradient_, tolls_;
    std::vector<char> varies_, strong_;
    std::vector<int> slot_;              // place of a column among the working columns, or -1
    std::vector<size_t> columns_;        // working columns
    std::vector<double> weights_at_, weighted_, curvature_, mean_, pull_, trial_, start_;
    std::vector<size_t> factored_;       // working columns in the Cholesky factor, in its order
    std::vector<char> in_factor_;
    std::vector<double> factor_, inverse_root_, solution_;
    double factored_l2_ = 0.0;
    double previous_ = 0.0, last_ratio_ = 0.0;  // penalty and deviance ratio of the last solution
    size_t fitted_ = 0;                         // solutions so far
    bool stopped_ = false;
    double intercept_gradient_ = 0.0, inverse_weight_sum_ = 0.0;
};

}  // namespace perirad::lasso
