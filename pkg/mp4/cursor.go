package mp4

// cursor reads fields one after another and remembers that it ran out, so that a parser checks once at its end.
type cursor struct {
	b     []byte
	short bool
}

func (c *cursor) take(n int) []byte {
	if n < 0 || len(c.b) < n {
		c.short, c.b = true, nil
		return make([]byte, max(0, min(n, 16)))
	}
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) u8() uint8   { return c.take(1)[0] }
func (c *cursor) u32() uint32 { return be.Uint32(c.take(4)) }
func (c *cursor) u64() uint64 { return be.Uint64(c.take(8)) }
func (c *cursor) skip(n int)  { c.take(n) }
