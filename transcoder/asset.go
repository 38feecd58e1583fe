package transcoder

import "movify/pkg/media"

// PlanAsset plans a file's grid and ladder before a single frame is encoded. fingerprint is the file's content key in
// hexadecimal. It is pure; the stored plan, not this function, is the truth once there is one.
func PlanAsset(fingerprint string, p media.Probe, policy Policy) (media.Asset, error) {
	ladder, err := Plan(p, policy)
	if err != nil {
		return media.Asset{}, err
	}
	v, _ := p.Picture()
	grid, err := planGrid(p, v, heard(p, ladder), policy.SegmentSeconds)
	if err != nil {
		return media.Asset{}, err
	}
	a := nameAsset(fingerprint, policy)
	a.Probe, a.Grid, a.Ladder, a.Recipe = p, grid, ladder, media.LatestRecipe
	return a, nil
}

// nameAsset is an asset before it is planned: its ID and its prefix follow from the file's content and the policy
// alone.
func nameAsset(fingerprint string, policy Policy) media.Asset {
	digest := policy.digest()
	return media.Asset{ID: media.NewAssetID(fingerprint, digest), Prefix: media.AssetPrefix(fingerprint, digest)}
}

// heard gives the audio tracks that the ladder has renditions of.
func heard(p media.Probe, l media.Ladder) (tracks []media.AudioTrack) {
	for _, r := range l.Audios() {
		for _, t := range p.Audio {
			if t.Index == r.Stream {
				tracks = append(tracks, t)
			}
		}
	}
	return tracks
}
