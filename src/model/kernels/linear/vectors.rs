//! The instructions of the product: 64 bytes at a time, three ways.
//!
//! A vector holds a group of a tile, four inputs of sixteen outputs, or a number for each output. With VNNI (AVX-512's
//! and AVX's) four products of an unsigned and a signed byte are added to 32 bits at once. AVX2 adds pairs into 16
//! bits and would saturate there; how many pairs fit is each format's own number. It multiplies signed weights by
//! their magnitudes, VNNI by their distance from -128, which the caller takes off again.

use std::arch::x86_64::*;

/// Sixteen times four bytes, or sixteen integers.
///
/// # Safety
///
/// Methods need a processor with the implementation's instructions; pointers must be good for what is said.
pub(super) trait Vector: Copy {
    /// Sixteen numbers.
    type Floats: Copy;
    /// Whether products are added in 32 bits at once.
    const WIDE: bool;

    unsafe fn zero() -> Self;
    /// 64 bytes.
    unsafe fn load(from: *const u8) -> Self;
    unsafe fn store(self, to: *mut u8);
    unsafe fn and(self, byte: u8) -> Self;
    unsafe fn or(self, other: Self) -> Self;
    /// Shifts in lanes of 16 bits: up where `by` is positive.
    unsafe fn shift<const BY: i32>(self) -> Self;
    /// Entries of a table of sixteen.
    unsafe fn look_up(self, table: &[i8; 16]) -> Self;
    /// Signed weights as [`Vector::dot`] wants them.
    unsafe fn signed(self) -> Self;
    /// Four activations, the same for every output.
    unsafe fn four(from: *const i8) -> Self;
    /// Adds products of weights and activations: 32 bits where wide, else two times 16.
    unsafe fn dot<const SIGNED: bool>(self, weights: Self, activations: Self) -> Self;
    /// Sums of [`Vector::dot`] in 32 bits.
    unsafe fn widened(self) -> Self;
    /// The same times a scale of [`Vector::even`] or [`Vector::odd`].
    unsafe fn scaled(self, scale: Self) -> Self;
    /// 32 signed bytes: two numbers of 16 bits for each output.
    unsafe fn pairs(from: *const u8) -> Self;
    /// The first of each two, as a scale.
    unsafe fn even(self) -> Self;
    /// The second of each two.
    unsafe fn odd(self) -> Self;
    /// Adds each two times the two numbers at `by`.
    unsafe fn pair_products(self, by: *const i16) -> Self;
    unsafe fn add(self, other: Self) -> Self;
    /// Takes off `other` times a number.
    unsafe fn less(self, other: Self, times: i32) -> Self;
    unsafe fn splat(value: i32) -> Self;
    unsafe fn floats(self) -> Self::Floats;

    unsafe fn splat_float(value: f32) -> Self::Floats;
    /// Sixteen half-precision numbers.
    unsafe fn halves(from: *const u8) -> Self::Floats;
    unsafe fn load_floats(from: *const f32) -> Self::Floats;
    unsafe fn store_floats(floats: Self::Floats, to: *mut f32);
    unsafe fn multiply(a: Self::Floats, b: Self::Floats) -> Self::Floats;
    /// `a * b + c`, rounded once.
    unsafe fn multiply_add(a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
    /// `c - a * b`, rounded once.
    unsafe fn less_product(a: Self::Floats, b: Self::Floats, c: Self::Floats) -> Self::Floats;
}

/// Methods of [`Vector`], which are all to vanish into the loops that call them.
macro_rules! methods {
    ($(fn $name:ident $(<const $by:ident: $kind:ty>)? ($($argument:tt)*) $(-> $result:ty)? $body:block)*) => {
        $(
            #[inline(always)]
            #[allow(unused_unsafe)]
            unsafe fn $name $(<const $by: $kind>)? ($($argument)*) $(-> $result)? {
                unsafe { $body }
            }
        )*
    };
}

/// AVX-512 with VNNI.
#[derive(Clone, Copy)]
pub(super) struct Avx512(__m512i);

impl Vector for Avx512 {
    type Floats = __m512;
    const WIDE: bool = true;

    methods! {
        fn zero() -> Self { Avx512(_mm512_setzero_si512()) }
        fn load(from: *const u8) -> Self { Avx512(_mm512_loadu_si512(from.cast())) }
        fn store(self, to: *mut u8) { _mm512_storeu_si512(to.cast(), self.0) }
        fn and(self, byte: u8) -> Self {
            Avx512(_mm512_and_si512(self.0, _mm512_set1_epi8(byte as i8)))
        }
        fn or(self, other: Self) -> Self { Avx512(_mm512_or_si512(self.0, other.0)) }
        fn shift<const BY: i32>(self) -> Self {
            Avx512(match BY {
                0 => self.0,
                -6 => _mm512_srli_epi16::<6>(self.0),
                -5 => _mm512_srli_epi16::<5>(self.0),
                -4 => _mm512_srli_epi16::<4>(self.0),
                -3 => _mm512_srli_epi16::<3>(self.0),
                -2 => _mm512_srli_epi16::<2>(self.0),
                -1 => _mm512_srli_epi16::<1>(self.0),
                1 => _mm512_slli_epi16::<1>(self.0),
                2 => _mm512_slli_epi16::<2>(self.0),
                3 => _mm512_slli_epi16::<3>(self.0),
                _ => _mm512_slli_epi16::<4>(self.0),
            })
        }
        fn look_up(self, table: &[i8; 16]) -> Self {
            let table = _mm512_broadcast_i32x4(_mm_loadu_si128(table.as_ptr().cast()));
            Avx512(_mm512_shuffle_epi8(table, self.0))
        }
        fn signed(self) -> Self { Avx512(_mm512_xor_si512(self.0, _mm512_set1_epi8(-128))) }
        fn four(from: *const i8) -> Self {
            Avx512(_mm512_set1_epi32(from.cast::<i32>().read_unaligned()))
        }
        fn dot<const SIGNED: bool>(self, weights: Self, activations: Self) -> Self {
            Avx512(_mm512_dpbusd_epi32(self.0, weights.0, activations.0))
        }
        fn widened(self) -> Self { self }
        fn scaled(self, scale: Self) -> Self { Avx512(_mm512_mullo_epi32(self.0, scale.0)) }
        fn pairs(from: *const u8) -> Self {
            Avx512(_mm512_cvtepi8_epi16(_mm256_loadu_si256(from.cast())))
        }
        fn even(self) -> Self {
            Avx512(_mm512_srai_epi32::<16>(_mm512_slli_epi32::<16>(self.0)))
        }
        fn odd(self) -> Self { Avx512(_mm512_srai_epi32::<16>(self.0)) }
        fn pair_products(self, by: *const i16) -> Self {
            let by = _mm512_set1_epi32(by.cast::<i32>().read_unaligned());
            Avx512(_mm512_madd_epi16(self.0, by))
        }
        fn add(self, other: Self) -> Self { Avx512(_mm512_add_epi32(self.0, other.0)) }
        fn less(self, other: Self, times: i32) -> Self {
            let product = _mm512_mullo_epi32(other.0, _mm512_set1_epi32(times));
            Avx512(_mm512_sub_epi32(self.0, product))
        }
        fn splat(value: i32) -> Self { Avx512(_mm512_set1_epi32(value)) }
        fn floats(self) -> __m512 { _mm512_cvtepi32_ps(self.0) }
        fn splat_float(value: f32) -> __m512 { _mm512_set1_ps(value) }
        fn halves(from: *const u8) -> __m512 {
            _mm512_cvtph_ps(_mm256_loadu_si256(from.cast()))
        }
        fn load_floats(from: *const f32) -> __m512 { _mm512_loadu_ps(from) }
        fn store_floats(floats: __m512, to: *mut f32) { _mm512_storeu_ps(to, floats) }
        fn multiply(a: __m512, b: __m512) -> __m512 { _mm512_mul_ps(a, b) }
        fn multiply_add(a: __m512, b: __m512, c: __m512) -> __m512 { _mm512_fmadd_ps(a, b, c) }
        fn less_product(a: __m512, b: __m512, c: __m512) -> __m512 { _mm512_fnmadd_ps(a, b, c) }
    }
}

/// A vector of two halves of 256 bits; `own` are the methods that differ between them.
macro_rules! of_halves {
    ($name:ident, $wide:literal, { $($own:tt)* }) => {
        #[derive(Clone, Copy)]
        pub(super) struct $name([__m256i; 2]);

        impl Vector for $name {
            type Floats = [__m256; 2];
            const WIDE: bool = $wide;

            methods! { $($own)* }
            methods! {
                fn zero() -> Self { $name([_mm256_setzero_si256(); 2]) }
                fn load(from: *const u8) -> Self {
                    $name([_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.add(32).cast())])
                }
                fn store(self, to: *mut u8) {
                    _mm256_storeu_si256(to.cast(), self.0[0]);
                    _mm256_storeu_si256(to.add(32).cast(), self.0[1]);
                }
                fn and(self, byte: u8) -> Self {
                    let mask = _mm256_set1_epi8(byte as i8);
                    $name([_mm256_and_si256(self.0[0], mask), _mm256_and_si256(self.0[1], mask)])
                }
                fn or(self, other: Self) -> Self {
                    let [a, b] = self.0;
                    $name([_mm256_or_si256(a, other.0[0]), _mm256_or_si256(b, other.0[1])])
                }
                fn shift<const BY: i32>(self) -> Self {
                    let [a, b] = self.0;
                    $name(match BY {
                        0 => [a, b],
                        -6 => [_mm256_srli_epi16::<6>(a), _mm256_srli_epi16::<6>(b)],
                        -5 => [_mm256_srli_epi16::<5>(a), _mm256_srli_epi16::<5>(b)],
                        -4 => [_mm256_srli_epi16::<4>(a), _mm256_srli_epi16::<4>(b)],
                        -3 => [_mm256_srli_epi16::<3>(a), _mm256_srli_epi16::<3>(b)],
                        -2 => [_mm256_srli_epi16::<2>(a), _mm256_srli_epi16::<2>(b)],
                        -1 => [_mm256_srli_epi16::<1>(a), _mm256_srli_epi16::<1>(b)],
                        1 => [_mm256_slli_epi16::<1>(a), _mm256_slli_epi16::<1>(b)],
                        2 => [_mm256_slli_epi16::<2>(a), _mm256_slli_epi16::<2>(b)],
                        3 => [_mm256_slli_epi16::<3>(a), _mm256_slli_epi16::<3>(b)],
                        _ => [_mm256_slli_epi16::<4>(a), _mm256_slli_epi16::<4>(b)],
                    })
                }
                fn look_up(self, table: &[i8; 16]) -> Self {
                    let table = _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast()));
                    let [a, b] = self.0;
                    $name([_mm256_shuffle_epi8(table, a), _mm256_shuffle_epi8(table, b)])
                }
                fn four(from: *const i8) -> Self {
                    $name([_mm256_set1_epi32(from.cast::<i32>().read_unaligned()); 2])
                }
                fn pairs(from: *const u8) -> Self {
                    $name([
                        _mm256_cvtepi8_epi16(_mm_loadu_si128(from.cast())),
                        _mm256_cvtepi8_epi16(_mm_loadu_si128(from.add(16).cast())),
                    ])
                }
                fn pair_products(self, by: *const i16) -> Self {
                    let by = _mm256_set1_epi32(by.cast::<i32>().read_unaligned());
                    $name([_mm256_madd_epi16(self.0[0], by), _mm256_madd_epi16(self.0[1], by)])
                }
                fn add(self, other: Self) -> Self {
                    let [a, b] = self.0;
                    $name([_mm256_add_epi32(a, other.0[0]), _mm256_add_epi32(b, other.0[1])])
                }
                fn less(self, other: Self, times: i32) -> Self {
                    let times = _mm256_set1_epi32(times);
                    let [a, b] = self.0;
                    $name([
                        _mm256_sub_epi32(a, _mm256_mullo_epi32(other.0[0], times)),
                        _mm256_sub_epi32(b, _mm256_mullo_epi32(other.0[1], times)),
                    ])
                }
                fn splat(value: i32) -> Self { $name([_mm256_set1_epi32(value); 2]) }
                fn floats(self) -> [__m256; 2] {
                    [_mm256_cvtepi32_ps(self.0[0]), _mm256_cvtepi32_ps(self.0[1])]
                }
                fn splat_float(value: f32) -> [__m256; 2] { [_mm256_set1_ps(value); 2] }
                fn halves(from: *const u8) -> [__m256; 2] {
                    [
                        _mm256_cvtph_ps(_mm_loadu_si128(from.cast())),
                        _mm256_cvtph_ps(_mm_loadu_si128(from.add(16).cast())),
                    ]
                }
                fn load_floats(from: *const f32) -> [__m256; 2] {
                    [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))]
                }
                fn store_floats(floats: [__m256; 2], to: *mut f32) {
                    _mm256_storeu_ps(to, floats[0]);
                    _mm256_storeu_ps(to.add(8), floats[1]);
                }
                fn multiply(a: [__m256; 2], b: [__m256; 2]) -> [__m256; 2] {
                    [_mm256_mul_ps(a[0], b[0]), _mm256_mul_ps(a[1], b[1])]
                }
                fn multiply_add(a: [__m256; 2], b: [__m256; 2], c: [__m256; 2]) -> [__m256; 2] {
                    [_mm256_fmadd_ps(a[0], b[0], c[0]), _mm256_fmadd_ps(a[1], b[1], c[1])]
                }
                fn less_product(a: [__m256; 2], b: [__m256; 2], c: [__m256; 2]) -> [__m256; 2] {
                    [_mm256_fnmadd_ps(a[0], b[0], c[0]), _mm256_fnmadd_ps(a[1], b[1], c[1])]
                }
            }
        }
    };
}

of_halves!(Avx2, false, {
    fn signed(self) -> Self {
        self
    }
    fn dot<const SIGNED: bool>(self, weights: Self, activations: Self) -> Self {
        let ([a, b], [u, v], [x, y]) = (self.0, weights.0, activations.0);
        Avx2(if SIGNED {
            let (x, y) = (_mm256_sign_epi8(x, u), _mm256_sign_epi8(y, v));
            [
                _mm256_add_epi16(a, _mm256_maddubs_epi16(_mm256_abs_epi8(u), x)),
                _mm256_add_epi16(b, _mm256_maddubs_epi16(_mm256_abs_epi8(v), y)),
            ]
        } else {
            [
                _mm256_add_epi16(a, _mm256_maddubs_epi16(u, x)),
                _mm256_add_epi16(b, _mm256_maddubs_epi16(v, y)),
            ]
        })
    }
    fn widened(self) -> Self {
        self.scaled(Avx2([_mm256_set1_epi16(1); 2]))
    }
    fn scaled(self, scale: Self) -> Self {
        let [a, b] = self.0;
        Avx2([
            _mm256_madd_epi16(a, scale.0[0]),
            _mm256_madd_epi16(b, scale.0[1]),
        ])
    }
    // A scale stands twice, beside each of the two sums of 16 bits.
    fn even(self) -> Self {
        let [a, b] = self.0;
        Avx2([
            _mm256_blend_epi16::<0xaa>(a, _mm256_slli_epi32::<16>(a)),
            _mm256_blend_epi16::<0xaa>(b, _mm256_slli_epi32::<16>(b)),
        ])
    }
    fn odd(self) -> Self {
        let [a, b] = self.0;
        Avx2([
            _mm256_blend_epi16::<0xaa>(_mm256_srli_epi32::<16>(a), a),
            _mm256_blend_epi16::<0xaa>(_mm256_srli_epi32::<16>(b), b),
        ])
    }
});

of_halves!(AvxVnni, true, {
    fn signed(self) -> Self {
        let offset = _mm256_set1_epi8(-128);
        AvxVnni([
            _mm256_xor_si256(self.0[0], offset),
            _mm256_xor_si256(self.0[1], offset),
        ])
    }
    fn dot<const SIGNED: bool>(self, weights: Self, activations: Self) -> Self {
        let [a, b] = self.0;
        AvxVnni([
            _mm256_dpbusd_avx_epi32(a, weights.0[0], activations.0[0]),
            _mm256_dpbusd_avx_epi32(b, weights.0[1], activations.0[1]),
        ])
    }
    fn widened(self) -> Self {
        self
    }
    fn scaled(self, scale: Self) -> Self {
        let [a, b] = self.0;
        AvxVnni([
            _mm256_mullo_epi32(a, scale.0[0]),
            _mm256_mullo_epi32(b, scale.0[1]),
        ])
    }
    fn even(self) -> Self {
        let [a, b] = self.0;
        AvxVnni([
            _mm256_srai_epi32::<16>(_mm256_slli_epi32::<16>(a)),
            _mm256_srai_epi32::<16>(_mm256_slli_epi32::<16>(b)),
        ])
    }
    fn odd(self) -> Self {
        let [a, b] = self.0;
        AvxVnni([_mm256_srai_epi32::<16>(a), _mm256_srai_epi32::<16>(b)])
    }
});
