package account

import (
	"context"
	"strings"
	"time"

	"golang.org/x/text/language"
)

// Letter is a message to one person, as plain text.
type Letter struct {
	To      string
	Subject string
	Text    string // paragraphs between empty lines, "\n" at line ends
}

// subject is the kind of a letter.
type subject int

// The kinds of letter.
const (
	aboutReset    subject = iota // a link to choose a new password
	aboutPassword                // the password was changed
	aboutAddress                 // a link to confirm an address
	aboutMoved                   // the address was changed; goes to the old one
	aboutInvite                  // an invitation
	aboutFinish                  // a link to finish a registration
	aboutTaken                   // a registration with the address of an account; goes to that
)

// facts are the variables of a letter.
type facts struct {
	to    string
	name  string // first name of the reader
	who   string // name of the inviting account
	link  string
	email string // the new address
	until time.Time

	signIn string // a link
}

// wording is the template of a letter, with {name} and the like for its facts.
type wording struct{ subject, text string }

// english and french give the template of each letter.
func english(about subject) wording {
	switch about {
	case aboutReset:
		return wording{"Choose a new password for {brand}",
			"Hello {name},\n\nsomebody, probably you, asked for a new password for your account. Choose one here within " +
				"an hour:\n\n{link}\n\n" +
				"If it was not you, do nothing: your password stays as it is.\n"}
	case aboutPassword:
		return wording{"Your {brand} password was changed",
			"Hello {name},\n\nthe password of your account was changed just now, and your other devices were signed out.\n\n" +
				"If it was not you, choose a new password at once or ask whoever runs this server for help.\n"}
	case aboutAddress:
		return wording{"Confirm your address for {brand}",
			"Hello {name},\n\nthis address shall belong to your account. Confirm it here within an hour:\n\n{link}\n\n" +
				"If you know nothing of this, do nothing.\n"}
	case aboutMoved:
		return wording{"Your {brand} address was changed",
			"Hello {name},\n\nyour account has another e-mail address now: {email}. No more letters come here.\n\n" +
				"If it was not you, ask whoever runs this server for help.\n"}
	case aboutFinish: // without a name: the person who registered wrote it, and that may be a stranger
		return wording{"Finish your {brand} account",
			"Hello,\n\nsomebody, probably you, registered with this address. Finish the account here within an hour, with the " +
				"password that was chosen:\n\n{link}\n\n" +
				"If it was not you, do nothing: there will be no account.\n"}
	case aboutTaken:
		return wording{"You have a {brand} account already",
			"Hello {name},\n\nsomebody, probably you, wanted to make an account with this address. You have one already. " +
				"Sign in here:\n\n{signIn}\n\nIf you forgot the password, choose a new one within an hour:\n\n{link}\n\n" +
				"If it was not you, do nothing: your account stays as it is.\n"}
	}
	return wording{"{who} invites you to {brand}",
		"Hello,\n\n{who} invites you to watch films and series with {brand}. Make your account here by {until}:\n\n{link}\n"}
}

func french(about subject) wording {
	switch about {
	case aboutReset:
		return wording{"Choisissez un nouveau mot de passe pour {brand}",
			"Bonjour {name},\n\nquelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte. " +
				"Choisissez-le ici dans l’heure :\n\n{link}\n\n" +
				"Si ce n’était pas vous, ne faites rien : votre mot de passe reste le même.\n"}
	case aboutPassword:
		return wording{"Votre mot de passe {brand} a été changé",
			"Bonjour {name},\n\nle mot de passe de votre compte vient d’être changé, et vos autres appareils ont été " +
				"déconnectés.\n\n" +
				"Si ce n’était pas vous, choisissez tout de suite un nouveau mot de passe ou demandez de l’aide à la " +
				"personne qui gère ce serveur.\n"}
	case aboutAddress:
		return wording{"Confirmez votre adresse pour {brand}",
			"Bonjour {name},\n\ncette adresse doit devenir celle de votre compte. Confirmez-la ici dans l’heure " +
				":\n\n{link}\n\n" +
				"Si cela ne vous dit rien, ne faites rien.\n"}
	case aboutMoved:
		return wording{"Votre adresse {brand} a été changée",
			"Bonjour {name},\n\nvotre compte a désormais une autre adresse e-mail : {email}. Plus aucun message " +
				"n’arrivera ici.\n\n" +
				"Si ce n’était pas vous, demandez de l’aide à la personne qui gère ce serveur.\n"}
	case aboutFinish:
		return wording{"Terminez la création de votre compte {brand}",
			"Bonjour,\n\nquelqu’un, sans doute vous, s’est inscrit avec cette adresse. Terminez la création du compte ici " +
				"dans l’heure, avec le mot de passe choisi :\n\n{link}\n\n" +
				"Si ce n’était pas vous, ne faites rien : il n’y aura pas de compte.\n"}
	case aboutTaken:
		return wording{"Vous avez déjà un compte {brand}",
			"Bonjour {name},\n\nquelqu’un, sans doute vous, a voulu créer un compte avec cette adresse. Vous en avez déjà un. " +
				"Connectez-vous ici :\n\n{signIn}\n\nSi vous avez oublié le mot de passe, choisissez-en un nouveau dans " +
				"l’heure :\n\n{link}\n\n" +
				"Si ce n’était pas vous, ne faites rien : votre compte reste le même.\n"}
	}
	return wording{"{who} vous invite sur {brand}",
		"Bonjour,\n\n{who} vous invite à regarder films et séries avec {brand}. Créez votre compte ici jusqu’au " +
			"{until} :\n\n{link}\n"}
}

// letter fills the template in the reader's language, or in English.
func letter(brand string, about subject, tag string, f facts) Letter {
	w, day := english(about), "2 January 2006"
	if base, _ := language.Make(tag).Base(); base.String() == "fr" {
		w, day = french(about), "02/01/2006"
	}
	fill := strings.NewReplacer("{brand}", brand, "{name}", f.name, "{who}", f.who, "{link}", f.link, "{email}", f.email,
		"{signIn}", f.signIn, "{until}", f.until.UTC().Format(day))
	return Letter{To: f.to, Subject: fill.Replace(w.subject), Text: fill.Replace(w.text)}
}

// write writes a letter and queues it.
func (s *Service) write(ctx context.Context, about subject, tag string, f facts) {
	s.sendLater(ctx, letter(s.opts.Brand, about, tag, f))
}
