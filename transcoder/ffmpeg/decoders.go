package ffmpeg

// decoders are the decoders, by ffmpeg's names, that may be used on a file: those of films, recordings and cameras, old
// ones included, and of their covers and subtitles. ffmpeg has twice as many; the others, of games, of scientific
// pictures and of formats that nothing writes any more, are code that a hostile file would otherwise choose to run.
//
// ffprobe opens a decoder for each track and refuses the whole file when one of them is not listed, so the list has to
// have what any track of a film may be in; opened has more of sound. A name that the installed ffmpeg does not know does no harm.
var decoders = [...]string{
	// Video of today.
	"h264", "hevc", "vvc", "av1", "libdav1d", "libaom-av1", "libgav1", "vp8", "libvpx", "vp9", "libvpx-vp9",
	// Video of discs, broadcast, the web and cameras.
	"mpeg1video", "mpeg2video", "mpegvideo", "mpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4", "wmv1", "wmv2", "wmv3", "vc1",
	"mss1", "mss2", "h261", "h263", "h263i", "h263p", "flv", "flashsv", "flashsv2", "vp3", "vp4", "vp5", "vp6", "vp6a",
	"vp6f", "vp7", "theora", "dirac", "cavs", "rv10", "rv20", "rv30", "rv40", "svq1", "svq3", "cinepak", "indeo2",
	"indeo3", "indeo4", "indeo5", "rpza", "smc", "qtrle", "8bps", "msvideo1", "msrle", "dvvideo", "mjpeg", "mjpegb",
	"amv", "sp5x",
	// Video of editing programs and of screens.
	"prores", "dnxhd", "cfhd", "aic", "hap", "hq_hqa", "hqx", "ffv1", "ffvhuff", "huffyuv", "utvideo", "lagarith",
	"magicyuv", "rawvideo", "v210", "v210x", "v308", "v408", "v410", "r210", "r10k", "yuv4", "ayuv", "y41p",
	"jpeg2000", "libopenjpeg", "camtasia", "tscc2", "fraps", "camstudio", "zmbv", "dxtory",
	// Covers.
	"png", "apng", "bmp", "gif", "webp", "tiff", "jpegls",
	// Sound.
	"aac", "aac_fixed", "aac_latm", "libfdk_aac", "ac3", "ac3_fixed", "eac3", "ac4", "dca", "truehd", "mlp", "mp1",
	"mp1float", "mp2", "mp2float", "mp3", "mp3float", "mp3adu", "mp3adufloat", "mp3on4", "mp3on4float", "opus",
	"libopus", "vorbis", "libvorbis", "speex", "libspeex", "flac", "alac", "als", "ape", "tta", "tak", "wavpack",
	"shorten", "wmav1", "wmav2", "wmapro", "wmalossless", "wmavoice", "cook", "sipr", "ralf", "real_144", "real_288",
	"atrac1", "atrac3", "atrac3al", "atrac3plus", "atrac3plusal", "amrnb", "amrwb", "libopencore_amrnb",
	"libopencore_amrwb", "gsm", "gsm_ms", "libgsm", "libgsm_ms", "qcelp", "evrc", "qdm2", "qdmc", "mace3", "mace6",
	"nellymoser", "imc", "iac", "truespeech", "g722", "g726", "g726le", "g723_1", "g729", "dvaudio", "s302m", "dolby_e",
	"on2avc", "mpc7", "mpc8", "adpcm_ms", "adpcm_ima_wav", "adpcm_ima_qt", "adpcm_ima_amv", "adpcm_swf",
	"adpcm_yamaha",
	"pcm_alaw", "pcm_mulaw", "pcm_bluray", "pcm_dvd", "pcm_f16le", "pcm_f24le", "pcm_f32be", "pcm_f32le", "pcm_f64be",
	"pcm_f64le", "pcm_s8", "pcm_s8_planar", "pcm_s16be", "pcm_s16be_planar", "pcm_s16le", "pcm_s16le_planar",
	"pcm_s24be", "pcm_s24daud", "pcm_s24le", "pcm_s24le_planar", "pcm_s32be", "pcm_s32le", "pcm_s32le_planar",
	"pcm_s64be", "pcm_s64le", "pcm_u8", "pcm_u16be", "pcm_u16le", "pcm_u24be", "pcm_u24le", "pcm_u32be", "pcm_u32le",
	// Subtitles.
	"ass", "ssa", "srt", "subrip", "mov_text", "text", "webvtt", "pgssub", "dvdsub", "dvbsub", "xsub", "cc_dec",
	"libzvbi_teletextdec", "libaribb24", "libaribcaption", "realtext", "sami", "microdvd", "stl", "subviewer",
	"subviewer1",
}

// opened are decoders of sound that ffprobe may open beside those, and that are given no data: their tracks are left out, where
// otherwise the whole file would be refused. They read nothing of the file when they are opened.
var opened = [...]string{
	"adpcm_4xm", "adpcm_adx", "adpcm_afc", "adpcm_aica", "adpcm_argo", "adpcm_ct", "adpcm_dtk", "adpcm_ima_alp",
	"adpcm_ima_apc", "adpcm_ima_apm", "adpcm_ima_dk3", "adpcm_ima_dk4", "adpcm_ima_oki", "adpcm_ima_rad", "adpcm_ima_ssi",
	"adpcm_ima_ws", "adpcm_sbpro_2", "adpcm_sbpro_3", "adpcm_sbpro_4", "aptx", "aptx_hd", "comfortnoise", "dfpwm",
	"pcm_lxf", "pcm_sga", "pcm_vidc", "roq_dpcm", "sbc", "sdx2_dpcm",
}
