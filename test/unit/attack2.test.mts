import { checkedCountry } from '../../nodes/PlivoSipTrunking/input/country.ts';
import { checkedTime } from '../../nodes/PlivoSipTrunking/input/time.ts';
import { checkedName } from '../../nodes/PlivoSipTrunking/input/name.ts';
import { explainHangup } from '../../nodes/PlivoSipTrunking/knowledge/hangup.ts';

const NAMES: Array<[string, string]> = [
['Viet Nam','VN'],['Korea, Republic of','KR'],['South Korea','KR'],["Korea, Democratic People's Republic of",'KP'],['North Korea','KP'],['Iran, Islamic Republic of','IR'],['Iran (Islamic Republic of)','IR'],['Islamic Republic of Iran','IR'],
['Tanzania, United Republic of','TZ'],['United Republic of Tanzania','TZ'],['Bolivia, Plurinational State of','BO'],['Bolivia (Plurinational State of)','BO'],['Venezuela, Bolivarian Republic of','VE'],['Moldova, Republic of','MD'],['Republic of Moldova','MD'],
['Macedonia, the former Yugoslav Republic of','MK'],['North Macedonia','MK'],['Taiwan, Province of China','TW'],['Taiwan','TW'],['Syrian Arab Republic','SY'],["Lao People's Democratic Republic",'LA'],['Micronesia, Federated States of','FM'],
['Palestine, State of','PS'],['Palestine','PS'],['Hong Kong','HK'],['Hong Kong SAR','HK'],['Macao','MO'],['Congo, Democratic Republic of the','CD'],['Democratic Republic of the Congo','CD'],['DR Congo','CD'],['DRC','CD'],['Congo','CG'],['Republic of the Congo','CG'],
['Bahamas','BS'],['The Bahamas','BS'],['Gambia','GM'],['The Gambia','GM'],['Netherlands (Kingdom of the)','NL'],['United States of America','US'],['U.S.A.','US'],['United States','US'],['America','US'],['United Kingdom of Great Britain and Northern Ireland','GB'],
['England','GB'],['Scotland','GB'],['Great Britain','GB'],['U.K.','GB'],['Czechia','CZ'],['Czech Republic','CZ'],['Slovak Republic','SK'],['Eswatini','SZ'],['Cabo Verde','CV'],['Cape Verde','CV'],['East Timor','TL'],['Timor-Leste','TL'],['Burma','MM'],['Myanmar','MM'],
['Ivory Coast','CI'],['Côte d’Ivoire','CI'],["Côte d'Ivoire",'CI'],['Cote dIvoire','CI'],['Reunion','RE'],['Réunion','RE'],['Curacao','CW'],['Sao Tome and Principe','ST'],['São Tomé & Príncipe','ST'],['St. Lucia','LC'],['St Kitts and Nevis','KN'],['Saint Kitts & Nevis','KN'],
['Saint Vincent and the Grenadines','VC'],['Trinidad and Tobago','TT'],['Trinidad & Tobago','TT'],['Bosnia and Herzegovina','BA'],['Bosnia','BA'],['UAE','AE'],['U.A.E.','AE'],['United Arab Emirates','AE'],['Russia','RU'],['Russian Federation','RU'],['Vatican','VA'],['Vatican City','VA'],['Holy See','VA'],
['Virgin Islands, U.S.','VI'],['US Virgin Islands','VI'],['Virgin Islands (U.S.)','VI'],['British Virgin Islands','VG'],['Virgin Islands (British)','VG'],['Falkland Islands (Malvinas)','FK'],['Saint Martin (French part)','MF'],['Sint Maarten','SX'],['Sint Maarten (Dutch part)','SX'],['Swaziland','SZ'],['Aland Islands','AX'],['Åland Islands','AX'],
['Brunei Darussalam','BN'],['Brunei','BN'],['Türkiye','TR'],['Turkiye','TR'],['New Zealand','NZ'],['Republic of Ireland','IE'],['Ireland','IE'],['Eire','IE'],['South Africa','ZA'],['Peoples Republic of China','CN'],["People's Republic of China",'CN'],['PRC','CN'],['China','CN'],['Republic of China','TW'],['Federal Republic of Germany','DE'],['Republic of India','IN'],['Republic of Singapore','SG'],['Kingdom of Saudi Arabia','SA'],['KSA','SA'],
['Puerto Rico','PR'],['Guinea Bissau','GW'],['Guinea-Bissau','GW'],['NA','NA'],['no','NO'],['Georgia','GE'],
['United States ','US'],['UNITED STATES','US'],['united-states','US'],['United_States','US'],['US (+1)','US'],['United States (US)','US'],['United States (US, +1)','US'],['+1','US'],
];
it.each(NAMES)('%s %s', (name, code) => {
	expect(checkedCountry('Country', name).code).toBe(code);
});

it.each([['Null'],['None'],['N/A Solutions'],['Test & Co. KG'],['100%'],['#1 Plumbing'],['$5 Pizza'],['$json Consulting'],['A'],['7'],['24/7'],['C++ Experts'],['undefined GmbH'],['Null GmbH'],['NaN Bakery'],['nan'],['nil'],['Nil'],['none'],['XXX'],['TODO'],['Todo'],['${x}'],['株式会社'],['Ärzte-Team'],["O'Neil"],['{Curly} Braces'],['{{Mustache}} Ltd'],['[object Object]'],['Error!'],['#REF!'],['#A!'],['☎ Direct'],['€uro Shop'],['Nan Ltd'],['="Acme"'],['=Acme'],['{{ Acme }}']])('name %s', (name) => {
	let r; try { r = checkedName('Name', name); } catch (e) { r = 'REFUSED ' + (e as Error).message; }
	console.log(name, '→', r);
});

const zones = ['Europe/Berlin','America/New_York','America/Sao_Paulo','Asia/Kolkata','Australia/Lord_Howe','Pacific/Apia','Africa/Cairo','America/Santiago','Asia/Beirut','America/Havana','Atlantic/Azores','Asia/Tehran','UTC','Pacific/Chatham','America/Asuncion','Antarctica/Troll','America/Godthab','Africa/El_Aaiun'];
it.each(zones)('days join in %s', (zone) => {
	const fmt = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year:'numeric',month:'2-digit',day:'2-digit' });
	const bad: string[] = [];
	for (let d = Date.UTC(2011,11,20); d < Date.UTC(2028,0,1); d += 86400000) {
		const day = new Date(d).toISOString().slice(0,10);
		const next = new Date(d+86400000).toISOString().slice(0,10);
		let s, e, n;
		try { s = checkedTime('A', day, zone, 'start'); e = checkedTime('A', day, zone, 'end'); n = checkedTime('A', next, zone, 'start'); } catch (x) { bad.push(day+' '+(x as Error).message); continue; }
		if (e + 1 !== n) bad.push(`${day} gap ${e+1-n}`);
		if (fmt.format(s) !== day || fmt.format(e) !== day) bad.push(`${day} edge ${fmt.format(s)} ${fmt.format(e)}`);
		if (fmt.format(s-1) >= day) bad.push(`${day} before ${fmt.format(s-1)}`);
	}
	expect(bad).toEqual([]);
});
