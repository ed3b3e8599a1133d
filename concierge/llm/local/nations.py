"""Nationalities and countries in lower case, as people name theirs."""

_NAMES = """
    afghan, afghanistan, albania, albanian, algeria, algerian, american, angola, angolan, argentina, argentine,
    argentinian, armenia, armenian, australia, australian, austria, austrian, azerbaijan, azerbaijani, bahrain,
    bahraini, bangladesh, bangladeshi, belarus, belarusian, belgian, belgium, benin, beninese, bhutan, bhutanese,
    bolivia, bolivian, bosnia, bosnian, botswana, botswanan, brazil, brazilian, british, brunei, bruneian, bulgaria,
    bulgarian, burmese, burundi, burundian, cambodia, cambodian, cameroon, cameroonian, canada, canadian, chad,
    chadian, chile, chilean, china, chinese, colombia, colombian, comorian, comoros, congo, congolese, costa rica,
    costa rican, croatia, croatian, cuba, cuban, cypriot, cyprus, czech, czechia, danish, denmark, djibouti,
    djiboutian, dominican, dutch, ecuador, ecuadorian, egypt, egyptian, el salvador, emirati, england, english,
    eritrea, eritrean, estonia, estonian, ethiopia, ethiopian, fiji, fijian, filipina, filipino, finland, finnish,
    france, french, gabon, gabonese, gambia, gambian, georgia, georgian, german, germany, ghana, ghanaian, greece,
    greek, guatemala, guatemalan, guinea, guinean, guyana, guyanese, haiti, haitian, honduran, honduras, hungarian,
    hungary, iceland, icelandic, india, indian, indonesia, indonesian, iran, iranian, iraq, iraqi, ireland, irish,
    israel, israeli, italian, italy, ivorian, ivory coast, jamaica, jamaican, japan, japanese, jordan, jordanian,
    kazakh, kazakhstan, kenya, kenyan, korea, korean, kosovan, kosovo, kuwait, kuwaiti, kyrgyz, kyrgyzstan, laos,
    laotian, latvia, latvian, lebanese, lebanon, liberia, liberian, libya, libyan, lithuania, lithuanian,
    luxembourg, macedonia, macedonian, madagascar, malagasy, malawi, malawian, malaysia, malaysian, maldives,
    maldivian, mali, malian, malta, maltese, mauritania, mauritanian, mauritian, mauritius, mexican, mexico,
    moldova, moldovan, mongolia, mongolian, montenegrin, montenegro, moroccan, morocco, mozambican, mozambique,
    myanmar, namibia, namibian, nepal, nepalese, nepali, netherlands, new zealand, new zealander, nicaragua,
    nicaraguan, niger, nigeria, nigerian, nigerien, norway, norwegian, oman, omani, pakistan, pakistani, palestine,
    palestinian, panama, panamanian, paraguay, paraguayan, peru, peruvian, philippines, poland, polish, portugal,
    portuguese, qatar, qatari, romania, romanian, russia, russian, rwanda, rwandan, salvadoran, saudi, saudi arabia,
    saudi arabian, scottish, senegal, senegalese, serbia, serbian, seychelles, seychellois, sierra leone, sierra
    leonean, singapore, singaporean, slovak, slovakia, slovenia, slovenian, somali, somalia, south africa, south
    african, south korea, south korean, spain, spanish, sri lanka, sri lankan, sudan, sudanese, suriname,
    surinamese, sweden, swedish, swiss, switzerland, syria, syrian, taiwan, taiwanese, tajik, tajikistan, tanzania,
    tanzanian, thai, thailand, togo, togolese, tunisia, tunisian, turkey, turkish, turkmen, turkmenistan, uae,
    uganda, ugandan, uk, ukraine, ukrainian, united arab emirates, united kingdom, united states, uruguay,
    uruguayan, us, usa, uzbek, uzbekistan, venezuela, venezuelan, vietnam, vietnamese, welsh, yemen, yemeni, zambia,
    zambian, zimbabwe, zimbabwean
"""
NATIONS = frozenset(" ".join(name.split()) for name in _NAMES.split(","))
