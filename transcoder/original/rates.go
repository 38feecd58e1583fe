package original

import (
	"math"
	"math/bits"
)

// rescale is n×times/by, rounded down; ok is false beyond 2^62.
func rescale(n, times, by uint64) (out int64, ok bool) {
	high, low := bits.Mul64(n, times)
	if by == 0 || high >= by {
		return 0, false
	}
	q, _ := bits.Div64(high, low, by)
	return int64(q), q < 1<<62
}

// convert is ticks of one timescale in ticks of another, to the nearest; both signs, and 0 for what no film lasts.
func convert(ticks, from, to int64) int64 {
	if ticks < 0 {
		return -convert(-ticks, from, to)
	}
	whole, ok := rescale(uint64(ticks/from), uint64(to), 1)
	rest, fits := rescale(2*uint64(ticks%from), uint64(to), uint64(from))
	if !ok || !fits || whole > 1<<60 {
		return 0
	}
	return whole + (rest+1)/2
}

// milliseconds rounds a time.
func milliseconds(ticks, timescale int64) int64 { return convert(ticks, timescale, 1000) }

// rates gives peak and average of segments in bit/s. The peak is the largest of any contiguous ones that last between half
// and one and a half target durations together (RFC 8216bis section 4.1); target is in seconds.
func rates(bytes []int64, bounds []int64, target int64) (peak, average int) {
	rate := func(bytes, ms int64) int { return int(math.Ceil(float64(bytes) * 8000 / float64(ms))) }
	var total int64
	for first, size := range bytes {
		total += size
		var sum int64
		for n := first; n < len(bytes); n++ {
			sum += bytes[n]
			ms := bounds[n+1] - bounds[first]
			if 2*ms > 3000*target {
				break
			}
			if 2*ms >= 1000*target && ms > 0 {
				peak = max(peak, rate(sum, ms))
			}
		}
	}
	if length := bounds[len(bounds)-1] - bounds[0]; length > 0 {
		average = int(float64(total) * 8000 / float64(length))
		peak = max(peak, rate(total, length))
	}
	return peak, average
}
