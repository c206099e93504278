"""MIRP: slice by slice, averaged over directions as PyRadiomics does; its names are turned into PyRadiomics'.

Bins start at 0 for the original image, as IBSI has it, not at the bin of the region's minimum, and LoG is not
multiplied by sigma squared: values that hang on either may differ by definition. Shape is left out: MIRP's is
three-dimensional.
"""

import logging
import warnings
from importlib.metadata import version

import numpy as np
from mirp import extract_features
from peer_common import SPACING_MM, run

FAMILIES = ["statistics", "glcm", "glrlm", "glszm", "ngldm", "ngtdm"]
FILTERS = {
    "filter_kernels": ["separable_wavelet", "laplacian_of_gaussian"],
    "separable_wavelet_families": "coif1",
    "separable_wavelet_set": "all",
    "separable_wavelet_rotation_invariance": False,
    "laplacian_of_gaussian_sigma": [1.0, 2.0, 3.0, 4.0, 5.0],
    "boundary_condition": "nearest",
    "response_map_feature_families": FAMILIES,
    "response_map_discretisation_method": "fixed_bin_size",
    "response_map_discretisation_bin_width": 25.0,
}
IMAGES = {"wavelet_coif1_" + band + "_level_1_": "wavelet-" + band.upper() for band in ("ll", "lh", "hl", "hh")}
IMAGES.update({"log_s_%d.0_" % mm: "log-sigma-%d-0-mm-3D" % mm for mm in range(1, 6)})
SIZES = "GrayLevelNonUniformity GrayLevelNonUniformityNormalized GrayLevelVariance"
NAMES = {
    "stat": (
        "firstorder",
        "mean var skew median min p10 p90 max iqr range mad rmad energy rms",
        "Mean Variance Skewness Median Minimum 10Percentile 90Percentile Maximum InterquartileRange Range "
        "MeanAbsoluteDeviation RobustMeanAbsoluteDeviation Energy RootMeanSquared",
    ),
    "cm": (
        "glcm",
        "joint_max joint_avg joint_var joint_entr diff_avg diff_var diff_entr sum_avg sum_entr energy contrast "
        "inv_diff inv_diff_norm inv_diff_mom inv_diff_mom_norm inv_var corr auto_corr clust_tend clust_shade "
        "clust_prom info_corr1 info_corr2",
        "MaximumProbability JointAverage SumSquares JointEntropy DifferenceAverage DifferenceVariance "
        "DifferenceEntropy SumAverage SumEntropy JointEnergy Contrast Id Idn Idm Idmn InverseVariance Correlation "
        "Autocorrelation ClusterTendency ClusterShade ClusterProminence Imc1 Imc2",
    ),
    "rlm": (
        "glrlm",
        "sre lre lgre hgre srlge srhge lrlge lrhge rlnu rlnu_norm r_perc rl_var rl_entr glnu glnu_norm gl_var",
        "ShortRunEmphasis LongRunEmphasis LowGrayLevelRunEmphasis HighGrayLevelRunEmphasis "
        "ShortRunLowGrayLevelEmphasis ShortRunHighGrayLevelEmphasis LongRunLowGrayLevelEmphasis "
        "LongRunHighGrayLevelEmphasis RunLengthNonUniformity RunLengthNonUniformityNormalized RunPercentage "
        "RunVariance RunEntropy " + SIZES,
    ),
    "szm": (
        "glszm",
        "sze lze lgze hgze szlge szhge lzlge lzhge zsnu zsnu_norm z_perc zs_var zs_entr glnu glnu_norm gl_var",
        "SmallAreaEmphasis LargeAreaEmphasis LowGrayLevelZoneEmphasis HighGrayLevelZoneEmphasis "
        "SmallAreaLowGrayLevelEmphasis SmallAreaHighGrayLevelEmphasis LargeAreaLowGrayLevelEmphasis "
        "LargeAreaHighGrayLevelEmphasis SizeZoneNonUniformity SizeZoneNonUniformityNormalized ZonePercentage "
        "ZoneVariance ZoneEntropy " + SIZES,
    ),
    "ngl": (
        "gldm",
        "lde hde lgce hgce ldlge ldhge hdlge hdhge dcnu dcnu_norm dc_var dc_entr glnu gl_var",
        "SmallDependenceEmphasis LargeDependenceEmphasis LowGrayLevelEmphasis HighGrayLevelEmphasis "
        "SmallDependenceLowGrayLevelEmphasis SmallDependenceHighGrayLevelEmphasis "
        "LargeDependenceLowGrayLevelEmphasis LargeDependenceHighGrayLevelEmphasis DependenceNonUniformity "
        "DependenceNonUniformityNormalized DependenceVariance DependenceEntropy GrayLevelNonUniformity "
        "GrayLevelVariance",
    ),
    "ngt": (
        "ngtdm",
        "coarseness contrast busyness complexity strength",
        "Coarseness Contrast Busyness Complexity Strength",
    ),
}
KNOWN = {
    prefix + "_" + theirs: family + "_" + ours
    for prefix, (family, short, long) in NAMES.items()
    for theirs, ours in zip(short.split(), long.split(), strict=True)
}


def renamed(column):
    """PyRadiomics' name of a column, or None."""
    found = next((prefix for prefix in IMAGES if column.startswith(prefix)), "")
    bare = column[len(found) :]
    for mark in ("_d1_", "_2d_"):
        bare = bare.split(mark)[0]
    return IMAGES.get(found, "original") + "_" + KNOWN[bare] if bare in KNOWN else None


def prepare(filtered, words):
    """The settings that come closest to the workload's."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    options = dict(FILTERS) if filtered else {}

    def one(image, mask):
        table = extract_features(
            image=image.astype(np.float64),
            mask=mask.astype(np.int64),
            image_modality="mr",
            image_spacing=SPACING_MM,
            by_slice=True,
            ibsi_compliant=False,
            resegmentation_intensity_range=[0.0, 255.0],
            base_feature_families=FAMILIES,
            base_discretisation_method="fixed_bin_size",
            base_discretisation_bin_width=25.0,
            glcm_spatial_method="2d_average",
            glrlm_spatial_method="2d_average",
            **options,
        )[0]
        return {renamed(name): table[name].iloc[0] for name in table.columns if renamed(name)}

    return "mirp " + version("mirp"), lambda image, masks: {name: one(image, mask) for name, mask in masks.items()}


run(prepare)
