
; A checked 64-bit multiplication out of 32-bit halves, for a back end without 128-bit products.
define internal { i64, i1 } @checked_mul_u64(i64 %a, i64 %b) alwaysinline {
  %a_high = lshr i64 %a, 32
  %b_high = lshr i64 %b, 32
  %a_low = and i64 %a, 4294967295
  %b_low = and i64 %b, 4294967295
  ; Two wide factors overflow. Of the two cross products at most one is then not zero.
  %a_wide = icmp ne i64 %a_high, 0
  %b_wide = icmp ne i64 %b_high, 0
  %both_wide = and i1 %a_wide, %b_wide
  %a_cross = mul i64 %a_high, %b_low
  %b_cross = mul i64 %a_low, %b_high
  %cross = or i64 %a_cross, %b_cross
  %cross_high = lshr i64 %cross, 32
  %cross_wide = icmp ne i64 %cross_high, 0
  ; What is left overflows if adding the low product to the shifted cross product wraps.
  %shifted = shl i64 %cross, 32
  %low = mul i64 %a_low, %b_low
  %sum = add i64 %shifted, %low
  %wrapped = icmp ult i64 %sum, %low
  %wide = or i1 %both_wide, %cross_wide
  %overflow = or i1 %wide, %wrapped
  ; If both are wide the sum is not the product, and overflow is set: wrapping users want a * b.
  %product = mul i64 %a, %b
  %with_product = insertvalue { i64, i1 } poison, i64 %product, 0
  %result = insertvalue { i64, i1 } %with_product, i1 %overflow, 1
  ret { i64, i1 } %result
}
