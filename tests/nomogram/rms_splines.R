# Reference values of test_spline.py: Rscript rms_splines.R > rms_splines.json
# The data come from formulas, so that R and Python make the same; rms 6.5-0.
suppressPackageStartupMessages({ library(rms); library(jsonlite) })
i <- 1:240
x <- 50 + 14 * sin(1.7 * i) + 6 * cos(0.31 * i * i); z <- 12 + 8 * sin(2.3 * i + 1) * cos(0.7 * i)
g <- factor(c("a", "b", "c")[1 + (i + i %/% 5) %% 3], levels = c("a", "b", "c"))
y <- as.integer(0.01 * (x - 45)^2 + 0.15 * z + 1.2 * (g == "b") + 3 * sin(7.1 * i) > 4.5)
d <- data.frame(y, x, z, g); dd <- datadist(d); options(datadist = "dd")
f <- lrm(y ~ rcs(x, 4) + rcs(z, 3) + g, d, x = TRUE, y = TRUE, eps = 1e-8, tol = 1e-13)
p <- lrm(y ~ rcs(x, 4) + rcs(z, 3) + g, d, x = TRUE, y = TRUE, eps = 1e-8, tol = 1e-13, penalty = 3)
a <- anova(f); s <- summary(f, x = c(40, 60), z = c(8, 16)); pdf(NULL)
N <- nomogram(f, x = seq(20, 80, 10), z = seq(4, 20, 4), fun = plogis, funlabel = "Risk", fun.at = c(.1, .3, .5, .7, .9), maxscale = 100, lp = FALSE)
pen <- c(0, 0.25, 0.5, 1, 2, 5, 10, 20, 50)
knots <- function(v, k) rcspline.eval(v, nk = k, knots.only = TRUE)
few <- 10 + 5 * sin(1:60); low <- c(rep(0, 30), 1 + (1:120) / 7 + sin(1:120)); both <- c(rep(0, 20), 1 + (1:120) / 7 + sin(1:120), rep(99, 20))
out <- list(events = sum(y), knots_x = f$Design$parms$x, knots_z = f$Design$parms$z, coef = unname(coef(f)), se = unname(sqrt(diag(vcov(f)))), deviance = f$deviance,
  basis = unname(unclass(rcspline.eval(c(20, 45.5, 61, 90), f$Design$parms$x, inclx = TRUE))[1:4, 1:3]),
  anova = data.frame(label = trimws(rownames(a)), chi2 = unname(a[, 1]), df = unname(a[, 2]), p = unname(a[, 3])),
  effects = data.frame(label = trimws(rownames(s)), effect = unname(s[, 4]), lower = unname(s[, 6]), upper = unname(s[, 7])),
  ridge_coef = unname(coef(p)), ridge_se = unname(sqrt(diag(vcov(p)))), ridge_df = unname(p$stats[["d.f."]]),
  pentrace = pentrace(f, pen, which = "aic", method = "grid")$penalty,
  axes = lapply(c(x = "x", z = "z", g = "g"), function(v) list(xbeta = N[[v]]$Xbeta, points = N[[v]]$points)), total = N$total.points$x, risk = N$Risk$x.real, risk_points = N$Risk$x,
  predicted = unname(predict(f, data.frame(x = c(15, 48, 95), z = c(2, 12, 30), g = c("a", "b", "c")))),
  knots_of = list(few3 = knots(few, 3), few5 = knots(few, 5), x3 = knots(x, 3), x5 = knots(x, 5), x6 = knots(x, 6), x7 = knots(x, 7), low5 = knots(low, 5), low3 = knots(low, 3), both5 = knots(both, 5), both4 = knots(both, 4), both3 = knots(both, 3)),
  stats = as.list(f$stats))
cat(toJSON(out, digits = 15, auto_unbox = TRUE), "\n")
