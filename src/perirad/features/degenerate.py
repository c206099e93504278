"""What a flat region, a single pixel and an empty region give; a test measures such regions and compares."""

from __future__ import annotations

__all__ = ["DEGENERATE"]

_TABLE = """
- NaN: shape2D_Elongation glrlm_GrayLevelNonUniformity glrlm_LongRunEmphasis glrlm_LongRunHighGrayLevelEmphasis
  glrlm_LongRunLowGrayLevelEmphasis glrlm_RunEntropy glrlm_RunLengthNonUniformity
  glrlm_RunLengthNonUniformityNormalized glrlm_RunPercentage glrlm_RunVariance glrlm_ShortRunEmphasis
  glrlm_ShortRunHighGrayLevelEmphasis glrlm_ShortRunLowGrayLevelEmphasis shape_Elongation TDIC P9VJ 7J51 Q3CK N17B
  6BDE RDD2
- 0: shape2D_MajorAxisLength shape2D_MinorAxisLength gldm_DependenceEntropy gldm_DependenceVariance
  shape_MajorAxisLength shape_MinorAxisLength SXLW HJ9O DNX2 FCBV
- -: shape2D_MaximumDiameter shape2D_MeshSurface shape2D_Perimeter shape2D_PerimeterSurfaceRatio shape2D_PixelSurface
  shape2D_Sphericity firstorder_10Percentile firstorder_90Percentile firstorder_Energy firstorder_Maximum
  firstorder_Mean firstorder_Median firstorder_Minimum firstorder_RootMeanSquared firstorder_TotalEnergy
  shape_Maximum2DDiameterColumn shape_Maximum2DDiameterRow shape_Maximum2DDiameterSlice shape_Maximum3DDiameter
  shape_MeshVolume shape_Sphericity shape_SurfaceArea shape_SurfaceVolumeRatio shape_VoxelVolume RNU0 YEKZ C0JK 2PR5
  SKGS BQWJ KRCK QCFX 25C7 L0JK R59B ZH1A IQYR BRI8 99N0 VJGA 0F91 Q4LE Y12H 1GSF QG58 8DWT 84IY N8CA 5ZWQ
0 0: firstorder_Entropy firstorder_InterquartileRange firstorder_Kurtosis firstorder_MeanAbsoluteDeviation
  firstorder_Range firstorder_RobustMeanAbsoluteDeviation firstorder_Skewness firstorder_Variance
  glszm_GrayLevelVariance glszm_ZoneEntropy glszm_ZoneVariance gldm_GrayLevelVariance ngtdm_Busyness ngtdm_Complexity
  ngtdm_Contrast ngtdm_Strength shape_LeastAxisLength KLMA ECT3 KE2A IPH6 SALO 2OJQ 4FUA 1128 N72L 7TET 9S40 CH89 88K1
  C3I7 WR0O 5Z3W D2ZX WRZB 4RNL CWYJ SLWD TLU2 BC2M:10 BC2M:90 DDTU CNV2 8CE5 BYLV 3NSA GU8N QK93 7WT1 GBDU 1PFV
1 1: firstorder_Uniformity glszm_GrayLevelNonUniformity glszm_GrayLevelNonUniformityNormalized
  glszm_HighGrayLevelZoneEmphasis glszm_LowGrayLevelZoneEmphasis glszm_SizeZoneNonUniformity
  glszm_SizeZoneNonUniformityNormalized gldm_HighGrayLevelEmphasis gldm_LowGrayLevelEmphasis R3ER 7T7F X6K6 WIFQ 1PR8
  GPMT OZ0C 3NCY AMMC BJ5W V3SW G3QZ OVBL XMSY 5GN9 JNSA Y1RO 4JP3 VB3A 0GBI MB4I S1RA K26C RUVG DKNJ A7WM KLTH VFT7
  7HP3 V294 IATH TL9H OAE7 5SPA 6XV8
1 NaN: glcm_Autocorrelation glcm_Correlation glcm_Id glcm_Idm glcm_Idmn glcm_Idn glcm_JointAverage glcm_JointEnergy
  glcm_MCC glcm_MaximumProbability glrlm_GrayLevelNonUniformityNormalized glrlm_HighGrayLevelRunEmphasis
  glrlm_LowGrayLevelRunEmphasis GYBY 60VM 8ZQL IB1Z NDRX WF0Z 1QCO QWB0
0 NaN: glcm_ClusterProminence glcm_ClusterShade glcm_ClusterTendency glcm_Contrast glcm_DifferenceAverage
  glcm_DifferenceEntropy glcm_DifferenceVariance glcm_Imc1 glcm_Imc2 glcm_InverseVariance glcm_JointEntropy
  glcm_SumEntropy glcm_SumSquares glrlm_GrayLevelVariance shape_Flatness UR99 TU9B TF7R D3YU NTRS OEEB P6QZ ACUI 8S9J
  E8JP DG8W 7NFM AE86 JN9H 65HE NQ30 HDEZ 1X9X
2 NaN: glcm_SumAverage ZGXS
- 1: glszm_LargeAreaEmphasis glszm_LargeAreaHighGrayLevelEmphasis glszm_LargeAreaLowGrayLevelEmphasis
  glszm_SmallAreaEmphasis glszm_SmallAreaHighGrayLevelEmphasis glszm_SmallAreaLowGrayLevelEmphasis
  glszm_ZonePercentage gldm_DependenceNonUniformity gldm_DependenceNonUniformityNormalized gldm_GrayLevelNonUniformity
  gldm_LargeDependenceEmphasis gldm_LargeDependenceHighGrayLevelEmphasis gldm_LargeDependenceLowGrayLevelEmphasis
  gldm_SmallDependenceEmphasis gldm_SmallDependenceHighGrayLevelEmphasis gldm_SmallDependenceLowGrayLevelEmphasis 22OV
  W4KF HTZT GD3A IVPO 3KUM R5YN W92Y IC23 9ZK5 5QRC 48P8 5RAI HW1V YH51 J17V P30P VIWW SODN IMOQ EQ3F JA6D NBZI 9QMG
  FP8K Z87G OKJI CAS9
1e+06 1e+06: ngtdm_Coarseness
- 0.166667: PBX1
- 0.31831: SWZ1
NaN NaN: N365 NPT7 12CE 8E6O VQB3 RHQZ NI2N R8DG
2 2: GBPN:10 GBPN:90
0.000500501 0.000500501: 9CMM
1e+06 NaN: QCDE
"""
"""A line for all features that behave alike: value of a flat region, value of a single pixel, the features. A dash
stands for a value that depends on the region as it does elsewhere. An empty region is NaN in all."""


def _read() -> dict[str, tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for line in _TABLE.replace("\n  ", " ").strip().splitlines():
        values, names = line.split(": ")
        flat, single = values.split(" ")
        found |= dict.fromkeys(names.split(" "), (flat, single, "NaN"))
    return found


DEGENERATE = _read()
"""Feature (PyRadiomics' ``family_Name``, or IBSI code) -> value of a flat region (in one bin of fixed width), of a
single pixel (voxel), and of an empty region."""
