//! Sixteen lanes of f32, three ways.
//!
//! `unsafe` stands here for two reasons: loads and stores take pointers, which the loops above keep inside their
//! slices, and intrinsics need a processor that has them, which [`Level::is_there`] has asked.

#![allow(unsafe_code)]

use std::array::from_fn;

use half::f16;
use half::slice::HalfFloatSliceExt;

/// Lanes of a vector.
pub const LANES: usize = 16;

/// Which instructions carry the lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One `__m512` (AVX-512F), and bytes multiplied with AVX-512's VNNI.
    Avx512Vnni,
    /// Two `__m256` (AVX2, FMA, F16C), and bytes multiplied with AVX's VNNI.
    AvxVnni,
    /// One `__m512` (AVX-512F); bytes are multiplied with AVX2.
    Avx512,
    /// Two `__m256` (AVX2, FMA, F16C).
    Avx2,
    /// An array.
    Scalar,
}

impl Level {
    /// Every level, the best first.
    pub const ALL: [Level; 5] = [
        Level::Avx512Vnni,
        Level::AvxVnni,
        Level::Avx512,
        Level::Avx2,
        Level::Scalar,
    ];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Avx512Vnni => "avx512vnni",
            Level::AvxVnni => "avxvnni",
            Level::Avx512 => "avx512",
            Level::Avx2 => "avx2",
            Level::Scalar => "scalar",
        }
    }

    /// Returns whether the processor has its instructions.
    #[cfg(target_arch = "x86_64")]
    pub fn is_there(self) -> bool {
        let avx2 = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c");
        let avx512 = avx2 && is_x86_feature_detected!("avx512f");
        match self {
            Level::Avx512Vnni => {
                avx512
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vnni")
            }
            Level::AvxVnni => avx2 && is_x86_feature_detected!("avxvnni"),
            Level::Avx512 => avx512,
            Level::Avx2 => avx2,
            Level::Scalar => true,
        }
    }

    /// Returns whether the processor has its instructions.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_there(self) -> bool {
        self == Level::Scalar
    }
}

/// Sixteen f32 values.
///
/// # Safety
///
/// Methods need a processor with the implementation's instructions; pointers must be good for sixteen values.
pub trait Lanes: Copy {
    /// Whether a vector takes two of sixteen registers, instead of one of 32.
    const SIXTEEN_REGISTERS: bool = false;

    unsafe fn splat(value: f32) -> Self;
    unsafe fn load(from: *const f32) -> Self;
    unsafe fn load_f16(from: *const f16) -> Self;
    unsafe fn store(self, to: *mut f32);
    unsafe fn add(self, other: Self) -> Self;
    unsafe fn div(self, divisor: Self) -> Self;
    unsafe fn max(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once.
    unsafe fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// To the nearest whole number, ties to even.
    unsafe fn round(self) -> Self;
    /// Two to the power of whole numbers from -126 to 127.
    unsafe fn exp2_whole(self) -> Self;
}

/// Calls `$function` with the lanes of a level, compiled for that level's instructions.
macro_rules! at_level {
    ($level:expr, $function:ident::<$cell:ty>($($name:ident: $type:ty),*)) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f")]
        unsafe fn avx512<C: CacheCell>($($name: $type),*) {
            unsafe { $function::<std::arch::x86_64::__m512, C>($($name),*) }
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,f16c")]
        unsafe fn avx2<C: CacheCell>($($name: $type),*) {
            unsafe { $function::<[std::arch::x86_64::__m256; 2], C>($($name),*) }
        }
        // SAFETY: the level is one that this machine has; the caller has checked the lengths.
        match $level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 | Level::Avx512Vnni => unsafe { avx512::<$cell>($($name),*) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 | Level::AvxVnni => unsafe { avx2::<$cell>($($name),*) },
            _ => unsafe { $function::<[f32; LANES], $cell>($($name),*) },
        }
    }};
}
pub(super) use at_level;

/// e to the power of values of at most 0. Below -87 the result is that of -87, about 1.6e-38.
///
/// Cody and Waite's reduction by multiples of ln 2 and the polynomial of Cephes' `expf`; relative error below 2e-7.
#[inline(always)]
pub(super) unsafe fn exp<V: Lanes>(x: V) -> V {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    const POLYNOMIAL: [f32; 6] = [
        1.987_569_1e-4,
        1.398_2e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ];
    unsafe {
        let one = V::splat(1.0);
        let zero = V::splat(0.0);
        let x = x.max(V::splat(-87.0));
        let whole = x.mul_add(V::splat(std::f32::consts::LOG2_E), zero).round();
        let rest = whole.mul_add(V::splat(-LN_2_HIGH), x);
        let rest = whole.mul_add(V::splat(-LN_2_LOW), rest);
        let mut sum = V::splat(POLYNOMIAL[0]);
        for factor in &POLYNOMIAL[1..] {
            sum = sum.mul_add(rest, V::splat(*factor));
        }
        let square = rest.mul_add(rest, zero);
        let fraction = sum.mul_add(square, rest.add(one));
        fraction.mul_add(whole.exp2_whole(), zero)
    }
}

/// How keys and values are kept.
pub trait CacheCell: Copy + Default + Send + Sync + 'static {
    /// The nearest values of this type, as many.
    fn convert(values: &[f32], to: &mut [Self]);

    /// # Safety
    ///
    /// As for [`Lanes`].
    unsafe fn lanes<V: Lanes>(from: *const Self) -> V;
}

impl CacheCell for f16 {
    fn convert(values: &[f32], to: &mut [f16]) {
        // Eight at a time where the processor can, which one at a time cannot.
        to.convert_from_f32_slice(values);
    }

    #[inline(always)]
    unsafe fn lanes<V: Lanes>(from: *const f16) -> V {
        unsafe { V::load_f16(from) }
    }
}

impl CacheCell for f32 {
    fn convert(values: &[f32], to: &mut [f32]) {
        to.copy_from_slice(values);
    }

    #[inline(always)]
    unsafe fn lanes<V: Lanes>(from: *const f32) -> V {
        unsafe { V::load(from) }
    }
}

/// The methods of [`Lanes`], by what each does: all of them are to vanish into the loops that call them.
macro_rules! methods {
    ($(fn $name:ident($($argument:tt)*) $(-> $result:ty)? $body:block)*) => {
        $(
            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn $name($($argument)*) $(-> $result)? {
                unsafe { $body }
            }
        )*
    };
}

impl Lanes for [f32; LANES] {
    methods! {
        fn splat(value: f32) -> Self { [value; LANES] }
        fn load(from: *const f32) -> Self { from.cast::<Self>().read_unaligned() }
        fn load_f16(from: *const f16) -> Self {
            from.cast::<[f16; LANES]>().read_unaligned().map(f16::to_f32)
        }
        fn store(self, to: *mut f32) { to.cast::<Self>().write_unaligned(self) }
        fn add(self, other: Self) -> Self { from_fn(|lane| self[lane] + other[lane]) }
        fn div(self, divisor: Self) -> Self { from_fn(|lane| self[lane] / divisor[lane]) }
        fn max(self, other: Self) -> Self {
            // As `maxps` does it: the second where the two do not compare.
            let higher = |a: f32, b: f32| if a > b { a } else { b };
            from_fn(|lane| higher(self[lane], other[lane]))
        }
        fn mul_add(self, factor: Self, addend: Self) -> Self {
            from_fn(|lane| self[lane].mul_add(factor[lane], addend[lane]))
        }
        fn round(self) -> Self { self.map(f32::round_ties_even) }
        fn exp2_whole(self) -> Self {
            self.map(|value| f32::from_bits(((value as i32 + 127) << 23) as u32))
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use half::f16;

    use super::Lanes;

    const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

    impl Lanes for __m512 {
        methods! {
            fn splat(value: f32) -> Self { _mm512_set1_ps(value) }
            fn load(from: *const f32) -> Self { _mm512_loadu_ps(from) }
            fn load_f16(from: *const f16) -> Self {
                _mm512_cvtph_ps(_mm256_loadu_si256(from.cast()))
            }
            fn store(self, to: *mut f32) { _mm512_storeu_ps(to, self) }
            fn add(self, other: Self) -> Self { _mm512_add_ps(self, other) }
            fn div(self, divisor: Self) -> Self { _mm512_div_ps(self, divisor) }
            fn max(self, other: Self) -> Self { _mm512_max_ps(self, other) }
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                _mm512_fmadd_ps(self, factor, addend)
            }
            fn round(self) -> Self { _mm512_roundscale_ps::<NEAREST>(self) }
            fn exp2_whole(self) -> Self {
                let exponent = _mm512_add_epi32(_mm512_cvtps_epi32(self), _mm512_set1_epi32(127));
                _mm512_castsi512_ps(_mm512_slli_epi32::<23>(exponent))
            }
        }
    }

    impl Lanes for [__m256; 2] {
        const SIXTEEN_REGISTERS: bool = true;

        methods! {
            fn splat(value: f32) -> Self { [_mm256_set1_ps(value); 2] }
            fn load(from: *const f32) -> Self {
                [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))]
            }
            fn load_f16(from: *const f16) -> Self {
                let halves = [_mm_loadu_si128(from.cast()), _mm_loadu_si128(from.add(8).cast())];
                [_mm256_cvtph_ps(halves[0]), _mm256_cvtph_ps(halves[1])]
            }
            fn store(self, to: *mut f32) {
                _mm256_storeu_ps(to, self[0]);
                _mm256_storeu_ps(to.add(8), self[1]);
            }
            fn add(self, other: Self) -> Self {
                [_mm256_add_ps(self[0], other[0]), _mm256_add_ps(self[1], other[1])]
            }
            fn div(self, divisor: Self) -> Self {
                [_mm256_div_ps(self[0], divisor[0]), _mm256_div_ps(self[1], divisor[1])]
            }
            fn max(self, other: Self) -> Self {
                [_mm256_max_ps(self[0], other[0]), _mm256_max_ps(self[1], other[1])]
            }
            fn mul_add(self, factor: Self, addend: Self) -> Self {
                [
                    _mm256_fmadd_ps(self[0], factor[0], addend[0]),
                    _mm256_fmadd_ps(self[1], factor[1], addend[1]),
                ]
            }
            fn round(self) -> Self {
                [_mm256_round_ps::<NEAREST>(self[0]), _mm256_round_ps::<NEAREST>(self[1])]
            }
            fn exp2_whole(self) -> Self {
                let bias = _mm256_set1_epi32(127);
                self.map(|half| {
                    let exponent = _mm256_add_epi32(_mm256_cvtps_epi32(half), bias);
                    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(exponent))
                })
            }
        }
    }
}
