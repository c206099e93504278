# Reference values of test_lasso_options.py: Rscript glmnet_options.R > glmnet_options.json
# The data come from formulas, so that R and Python make the same; glmnet 4.1-6 is run to full precision.
suppressPackageStartupMessages({ library(glmnet); library(jsonlite) })
n <- 120; p <- 12; i <- 1:n
X <- sapply(1:p, function(j) sin(0.37 * i * (j + 2) + 0.11 * i * i / (j + 1)) + 0.4 * cos(0.05 * i * i))
Z <- scale(X)
y <- as.integer(X[, 1] - 0.8 * X[, 4] + 0.6 * X[, 9] + 1.2 * sin(7.3 * i) > 0.5)
w <- 1 + i %% 3; offset <- cos(i); factors <- c(1, 0, 2.5, 1, 1, 0, rep(1, 6)); folds <- 1 + i %% 5
fit <- function(...) { f <- glmnet(Z, y, standardize = FALSE, thresh = 1e-15, maxit = 1e7, ...); at <- unique(pmin(c(1, 6, 20, 40), length(f$lambda)))
  list(lambda = f$lambda, dev_ratio = f$dev.ratio, index = at - 1, intercept = unname(f$a0[at]), coef = unname(t(as.matrix(f$beta[, at])))) }
cv <- function(...) { f <- suppressWarnings(cv.glmnet(Z, y, standardize = FALSE, thresh = 1e-15, maxit = 1e7, foldid = folds, ...))
  list(cvm = f$cvm, cvsd = f$cvsd, lambda_min = f$lambda.min, lambda_1se = f$lambda.1se) }
out <- list(events = sum(y),
  weights = fit(family = "binomial", weights = w), offset = fit(family = "binomial", offset = offset),
  penalty_factors = fit(family = "binomial", penalty.factor = factors),
  all = fit(family = "binomial", weights = w, offset = offset, penalty.factor = factors, alpha = 0.7),
  ridge = fit(family = "binomial", alpha = 0), squared = fit(family = "gaussian"),
  squared_all = fit(family = "gaussian", weights = w, offset = offset, penalty.factor = factors), squared_ridge = fit(family = "gaussian", alpha = 0),
  cv_deviance = cv(family = "binomial", weights = w, offset = offset, penalty.factor = factors),
  cv_auc = cv(family = "binomial", weights = w, offset = offset, penalty.factor = factors, type.measure = "auc"),
  cv_class = cv(family = "binomial", weights = w, penalty.factor = factors, type.measure = "class"),
  cv_mse = cv(family = "gaussian", weights = w, penalty.factor = factors),
  cv_auc_squared = cv(family = "binomial", type.measure = "auc"))
cat(toJSON(out, digits = 15, auto_unbox = TRUE), "\n")
